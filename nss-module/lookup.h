// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: LGPL-2.1-or-later
//
// One question to the snapshots and, for a name under our suffix, to the sockets beside them.

#ifndef COMMRESOLVE_NSS_MODULE_LOOKUP_H_
#define COMMRESOLVE_NSS_MODULE_LOOKUP_H_

#include "nss-module/wire.h"

namespace commresolve::nss {

/// The record found, and the bytes that it leads into.
struct Answer {
  Record record;
  int64_t now;
  uint8_t bytes[sizeof(Reply) + kMostRecord + 1];
};

enum class Verdict : uint8_t {
  kFound,
  kNoAddress,   ///< The name is ours and known, and has no address at all.
  kNoSuchName,  ///< The name is ours and does not exist.
  kUnsure,      ///< The name is ours and nobody could be asked.
  kForeign,     ///< Not ours to say.
};

Verdict LookUpName(const char* name, Answer* answer);
/// `address` has 4 or 16 bytes. Never asks a socket: kFound or kForeign.
Verdict LookUpAddress(const void* address, size_t size, Answer* answer);

}  // namespace commresolve::nss

#endif  // COMMRESOLVE_NSS_MODULE_LOOKUP_H_
