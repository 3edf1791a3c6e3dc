// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Places: where a claimed key may live, and whose word that is. Pure.

#ifndef COMMRESOLVE_DHT_FIND_PLACES_H_
#define COMMRESOLVE_DHT_FIND_PLACES_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dht/record/delegation.h"
#include "dht/record/observation.h"
#include "dht/record/owner.h"

namespace commresolve::dht {

/// Whose word an endpoint is, best first.
enum class Speaker : uint8_t {
  kOwner,           ///< The key itself, or a publishing key that it is known to have delegated to.
  kChosenObserver,  ///< An observer that the user chose.
  kPublishingKey,   ///< A key that says that it speaks for the owner; nobody has checked that.
  kStranger,        ///< Anybody.
};
/// "owner", "chosen observer", ...
const char* SpeakerText(Speaker speaker);

/// An endpoint to try. A hint like any other: only a handshake tells.
struct Place {
  KeyId key;  ///< The whole key.
  Endpoint endpoint;
  Speaker speaker = Speaker::kStranger;
  size_t voices = 0;   ///< How many say so, of the best kind.
  UnixTime until = 0;  ///< When the last record that says so ends.
  bool operator==(const Place&) const = default;
};

/// What the user knows about those who speak. Empty functions know nobody.
struct Acquaintances {
  std::function<bool(const Ed25519Key& observer)> is_chosen;
  /// A delegation that was fetched from the owner's server, over a session with that key.
  std::function<std::optional<Delegation>(const KeyId& subject)> delegation;
};

/// The records about one key prefix. Used by one thread.
class PlaceBoard {
 public:
  /// Strangers may say anything, so their places are few: nobody shall make a crowd call at hosts
  /// of his choice.
  static constexpr size_t kPlacesOfStrangers = 4;
  static constexpr size_t kMostStrangers = 64;  ///< More are not heard.
  static constexpr size_t kPlacesOfSpeaker = 8;

  /// `lot` is a random number of this search.
  PlaceBoard(Acquaintances known, uint64_t lot) : known_(std::move(known)), lot_(lot) {}

  /// True if the record speaks for its subject at `now`: the caller then asks its Freshest.
  [[nodiscard]] bool IsOwners(const OwnerRecord& record, UnixTime now) const;
  /// Takes a record that is valid at `now`. Of one speaker and endpoint, and of one owner, only the
  /// greatest sequence number counts. Endpoints whose server name is private are left out.
  void Add(const OwnerRecord& record, UnixTime now);
  void Add(const Observation& record);

  /// At most `limit`, by speaker, then voices, then the owner's order, then by lot.
  [[nodiscard]] std::vector<Place> Ranked(size_t limit) const;
  /// The owner's newest record says that the key lives nowhere now.
  [[nodiscard]] bool withdrawn() const { return withdrawn_; }

 private:
  struct Said {
    KeyId key;
    Header header;
    size_t rank = 0;  // In the owner's list.
  };
  using Voice = std::pair<Speaker, Ed25519Key>;  // The owner has no key here: all zero.

  std::map<Endpoint, Said>* Hear(const Voice& voice);

  Acquaintances known_;
  uint64_t lot_;
  bool withdrawn_ = false;
  std::map<Voice, Header> newest_;  // Of those who speak for the key.
  std::map<Voice, std::map<Endpoint, Said>> said_;
};

}  // namespace commresolve::dht

#endif  // COMMRESOLVE_DHT_FIND_PLACES_H_
