// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nsswitch: reads the line "hosts" of nsswitch.conf as the C library does, and puts our service
// into it or takes it out.
//
// Text in, text out: nothing here touches a file. The rules are those of glibc since 2.33:
// - the last line "hosts" counts, and a last line without its line end is not read at all;
// - nothing continues a line, and the colon may be missing;
// - '#' begins a comment only as the first character of a word that would name the database: behind
//   services it is one more service, and so are the words after it;
// - after a mistake in [...] the C library goes by no service, and a second [...] after the same
//   service ends the list.
// Older ones end the line at '#'. What is put in here is right for both.
// All functions are pure.

#ifndef COMMRESOLVE_CLI_NSSWITCH_H_
#define COMMRESOLVE_CLI_NSSWITCH_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve::cli {

inline constexpr size_t kMaxNsswitchBytes = 65'536;
inline constexpr char kNssService[] = "commresolve";
/// The service and what the C library is to do with its word, as the Debian package writes it.
inline constexpr char kNssOurs[] = "commresolve [!UNAVAIL=return]";

/// What happens after a service has said SUCCESS, NOTFOUND, UNAVAIL or TRYAGAIN.
struct NssActions {
  bool success_ends = true;
  bool notfound_ends = false;
  bool unavail_ends = false;
  bool tryagain_ends = false;
};

struct NssEntry {
  std::string name;
  NssActions actions;
  size_t begin = 0;  ///< In the line: where the name begins,
  size_t end = 0;    ///< and where it ends with its [...].
};

struct HostsLine {
  size_t number = 0;  ///< From 1.
  std::string text;   ///< Without its line end.
  bool ended = true;  ///< False: it has no line end, so the C library does not read it.
  std::vector<NssEntry> entries;
};

/// The line "hosts" that counts; none if there is none. kInvalidArgument if `text` is larger than
/// kMaxNsswitchBytes or holds a NUL byte, or if the C library would not read the line to its end.
Result<std::optional<HostsLine>> FindHostsLine(std::string_view text);

/// True if our service stands in `line`, well or not.
bool HasOurs(const HostsLine& line);

/// True for services that answer from this machine alone; others may tell the network what is
/// asked.
bool IsLocalService(std::string_view name);

/// What is wrong with where our service stands, as one sentence without full stop; empty if nothing
/// is: it is asked, before every service that may ask the network, after "files" where that is
/// possible, and no name under our suffix goes on to the next service.
std::string PlacementProblem(const HostsLine& line);

/// A line that an edit changes. `before` is empty for a line that was added.
struct LineChange {
  size_t number = 0;
  std::string before;
  std::string after;
};

struct NsswitchEdit {
  std::string text;
  std::vector<LineChange> changes;  ///< None: `text` is what was given.
};

/// Puts our service into the line that counts, moves it if it stands wrong, or adds a line. Changes
/// nothing where PlacementProblem() has nothing to say. Errors as FindHostsLine(), and
/// kInvalidArgument if a service before it ends the search for every name.
Result<NsswitchEdit> EnableNss(std::string_view text);

/// Takes our service with its [...] out of every line "hosts" as far as the first '#', and one
/// blank beside it: what EnableNss() has put into a line without it is gone to the byte, except for
/// an added line end. kInvalidArgument for the size and NUL bytes.
Result<NsswitchEdit> DisableNss(std::string_view text);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_NSSWITCH_H_
