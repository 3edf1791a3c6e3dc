// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Operating system errors as they stand in this project's messages.

#ifndef COMMRESOLVE_RESOLVER_NET_SYSTEM_ERROR_H_
#define COMMRESOLVE_RESOLVER_NET_SYSTEM_ERROR_H_

#include <string>
#include <system_error>

namespace commresolve {

/// `text` with a small first letter: libraries write "Connection refused".
inline std::string SmallFirstLetter(std::string text) {
  if (!text.empty() && text[0] >= 'A' && text[0] <= 'Z') {
    text[0] = static_cast<char>(text[0] - 'A' + 'a');
  }
  return text;
}

/// "connection refused" for ECONNREFUSED. Safe for concurrent use, unlike strerror().
inline std::string SystemErrorText(int number) {
  return SmallFirstLetter(std::generic_category().message(number));
}

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_NET_SYSTEM_ERROR_H_
