// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Calls the six functions of the NSS module directly and checks what every call must keep.

#ifndef COMMRESOLVE_TESTS_NSS_MODULE_CALLS_H_
#define COMMRESOLVE_TESTS_NSS_MODULE_CALLS_H_

#include <netdb.h>
#include <nss.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace commresolve::test {

enum class Entry : uint8_t { kName4, kName3, kName2, kName, kAddress2, kAddress };
inline constexpr Entry kNameEntries[] = {Entry::kName4, Entry::kName3, Entry::kName2, Entry::kName};
inline constexpr Entry kAddressEntries[] = {Entry::kAddress2, Entry::kAddress};

/// What the caller hands in. Every output is poisoned before.
struct Call {
  Entry entry = Entry::kName4;
  std::string name = {};     ///< For the four by name.
  std::string address = {};  ///< For the two by address: bytes in network order.
  int family = AF_INET;
  size_t buffer_size = 4096;
  size_t misalignment = 0;  ///< Of the buffer: 0 to 15.
  bool null_buffer = false;
  bool null_outputs = false;     ///< No errnop, h_errnop, ttlp and canonp.
  bool errno_is_output = false;  ///< errnop is &errno, as in the C library.
  bool own_tuple = false;        ///< kName4: the caller brings the first tuple, like nscd.
};

struct Outcome {
  nss_status status = NSS_STATUS_RETURN;
  int error = 0;       ///< *errnop.
  int host_error = 0;  ///< *h_errnop.
  int32_t ttl = 0;
  std::string name = {};
  std::vector<std::string> aliases = {};
  std::vector<std::string> addresses = {};  ///< Bytes.
  std::string canonical = {};
  /// What the call broke: bytes outside its buffer, pointers outside, alignment, errno. Empty if
  /// none.
  std::string fault = {};
};

inline constexpr int kPoisonedError = 999;
inline constexpr int kPoisonedHostError = 998;
inline constexpr int32_t kPoisonedTtl = -997;

Outcome Make(const Call& call);

/// How many single facts Make() and Expect() have checked in this process.
size_t ChecksMade();

/// The rows of the contract.
struct Row {
  nss_status status;
  int error;
  int host_error;
};
inline constexpr Row kSuccess = {NSS_STATUS_SUCCESS, kPoisonedError, NETDB_SUCCESS};
extern const Row kTooSmall, kNoAddress, kNoSuchName, kUnsure, kForeign, kBadFamily;

/// Empty if `outcome` is as `row` says, else what differs.
std::string Differs(const Outcome& outcome, const Row& row);

}  // namespace commresolve::test

#endif  // COMMRESOLVE_TESTS_NSS_MODULE_CALLS_H_
