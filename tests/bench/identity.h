// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What synthetic certificates are about: organisations, and the identities that they own. This is
// the ground truth of tests of relevance.

#ifndef COMMRESOLVE_TESTS_BENCH_IDENTITY_H_
#define COMMRESOLVE_TESTS_BENCH_IDENTITY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/bench/words.h"

namespace commresolve::bench {

/// What a random sequence is for, so that no two of them are the same.
enum class Purpose : uint8_t {
  kRenewal,
  kOwner,
  kOrganization,
  kIdentity,
  kCertificate,
  kKey,
  kFiller,
  kEndpoint,
};

/// Somebody with a name and a domain. Two may have the same name; it is rare.
struct Organization {
  uint64_t number = 0;  ///< Of its first certificate.
  Language language = Language::kEnglish;
  std::vector<std::string> words;  ///< The name: one to three lower-case words; UTF-8.
  std::string label;               ///< The words joined, some with hyphens, A-label.
  std::string suffix;              ///< Public suffix, A-labels.
  std::string legal_name;          ///< "Green Valley Ltd"; UTF-8.
  City city;
  [[nodiscard]] std::string Domain() const { return label + "." + suffix; }
  /// The words with blanks between them.
  [[nodiscard]] std::string Name() const;
};

enum class Kind : uint8_t {
  kSite,          ///< Domain validated: one or two names.
  kPanel,         ///< Nine names of a hosting control panel.
  kWildcard,      ///< "*.example.com" and "example.com".
  kHosting,       ///< Up to 100 names, nearly all of other organisations.
  kOrganization,  ///< With subject O, L, ST and C, and often OU.
  kDevice,        ///< Self-signed by a small device; no name of the public DNS.
  kPerson,        ///< A person's certificate, or that of a XMPP or SIP server.
};

/// All certificates with the same names.
struct Identity {
  uint64_t number = 0;  ///< Of its first certificate.
  Kind kind = Kind::kSite;
  Organization organization;       ///< The owner; of a device the maker of it.
  std::string domain;              ///< Registrable domain of `hosts`; empty for devices.
  std::vector<std::string> hosts;  ///< SAN dNSNames in the order of the certificate, A-labels.
  std::string common_name;
  std::string unit;                 ///< OU; may be empty.
  City city;                        ///< For kOrganization; may differ from the owner's.
  std::vector<uint64_t> customers;  ///< Whose domains stand in `hosts` of kHosting.
  std::string person;               ///< "anna ashbridge", for kPerson with an address.
  std::vector<std::string> mails;   ///< SAN rfc822Names.
  std::vector<std::string> uris;    ///< SAN URIs.
  std::string ip;                   ///< SAN iPAddress, 4 bytes, for some devices.
  std::string place;                ///< L if it is not the city's name.
  /// The organisation whose words stand here as a label, unit or place, although this has nothing
  /// to do with it.
  std::optional<uint64_t> confusable;
};

/// Pure and safe for concurrent use. Numbers are those of certificates, below 2^32.
class World {
 public:
  explicit World(uint64_t seed) : seed_(seed) {}

  /// The first certificate of the identity of `certificate`: about 45 % of all certificates renew
  /// an earlier one, chosen so that what has many certificates gets more (a Yule process).
  [[nodiscard]] uint64_t FirstCertificate(uint64_t certificate) const;
  /// The organisation that owns the identity `identity`, likewise.
  [[nodiscard]] uint64_t OwnerOf(uint64_t identity) const;

  [[nodiscard]] Organization OrganizationOf(uint64_t number) const;
  /// `number` is a FirstCertificate().
  [[nodiscard]] Identity IdentityOf(uint64_t number) const;

 private:
  /// Some organisation older than identity `before`; empty if there is none.
  [[nodiscard]] std::optional<uint64_t> Other(uint64_t before, Random& random) const;
  void ChooseDomain(Random& random, Identity* identity) const;
  void Site(Random& random, Identity* identity) const;
  void Hosting(Random& random, Identity* identity) const;
  void Organized(Random& random, Identity* identity) const;
  void PersonOrServer(Random& random, Identity* identity) const;
  std::string SubLabel(Random& random, Identity* identity) const;

  uint64_t seed_;
};

/// "Green" of "green"; only ASCII letters change.
std::string Capitalised(std::string word);

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_IDENTITY_H_
