// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// AppArmor's files, adjtimex(), settings and data folder.

#include "cli/doctor/machine.h"

#include <sys/stat.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "resolver/base/files.h"
#include "resolver/trust/known_certs.h"

namespace commresolve::cli {
namespace {

constexpr size_t kMaxProfileBytes = 262'144;
constexpr size_t kMaxProfiles = 2'000;
constexpr char kNameservice[] = "abstractions/nameservice>";
constexpr char kAdditions[] = "abstractions/nameservice.d";

bool Mentions(const std::string& path, const char* text) {
  const auto content = ReadFile(path, kMaxProfileBytes);
  return content.ok() && content->find(text) != std::string::npos;
}

/// How many files of `folder` let a program look names up. The iterator's errors end the count.
size_t CountLookingUp(const std::string& folder) {
  size_t count = 0;
  size_t seen = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end;
       !error && entry != end && ++seen <= kMaxProfiles; entry.increment(error)) {
    if (entry->is_regular_file(error) && Mentions(entry->path().string(), kNameservice)) ++count;
  }
  return count;
}

}  // namespace

Finding CheckAppArmor(const std::string& enabled, const std::string& folder) {
  const std::string check = "apparmor";
  const auto state = ReadFile(enabled, kMaxProfileBytes);
  if (!state.ok() || !state->starts_with('Y')) return Ok(check, "not enabled");
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) {
    return Warn(check, "enabled, but " + folder + ": " + std::strerror(errno),
                "add <abstractions/commresolve> to the profiles of programs that look names up");
  }
  const size_t profiles = CountLookingUp(folder);
  const std::string found = "enabled; " + std::to_string(profiles) + " profiles look names up";
  if (profiles == 0) return Ok(check, found);
  if (!Mentions(folder + "/" + kAdditions + "/commresolve", "abstractions/commresolve")) {
    return Warn(check, found + ", and may not read ours",
                "install libnss-commresolve, then: sudo systemctl reload apparmor");
  }
  if (!Mentions(folder + "/abstractions/nameservice", kAdditions)) {
    return Warn(check, found + ", but this AppArmor takes no additions",
                "add 'include <abstractions/commresolve>' to the profiles, and reload apparmor");
  }
  return Ok(check, found + " and may read ours");
}

Finding CheckClock() {
  timex state{};
  const int result = ::adjtimex(&state);
  if (result == -1) {
    return Warn("clock", std::string("not checked: adjtimex: ") + std::strerror(errno),
                "compare it with another clock");
  }
  if ((state.status & STA_UNSYNC) != 0) {
    return Warn("clock", "nothing keeps it in step, as far as the kernel knows",
                "sudo timedatectl set-ntp true, or run another NTP client");
  }
  return Ok("clock", "kept in step");
}

Finding CheckSettings(const Result<Config>& loaded) {
  if (loaded.ok()) return Ok("settings", "understood");
  const Error& error = loaded.error();
  return Fail("settings", error.message,
              error.hint.empty() ? "mend the settings file" : error.hint);
}

Finding CheckDataFolder(const std::string& folder) {
  const std::string check = "data_folder";
  struct stat info{};
  if (::stat(folder.c_str(), &info) != 0) {
    if (errno == ENOENT) return Ok(check, folder + " does not exist yet");
    return Warn(check, "not checked: " + folder + ": " + std::strerror(errno),
                "run this as the user whose data it is");
  }
  if (!S_ISDIR(info.st_mode)) return Fail(check, folder + " is not a folder", "move it away");
  if (const Status status = CheckWriters(folder); !status.ok()) {
    return Fail(check, status.error().message, status.error().hint);
  }
  if (const auto known = KnownCertsFile(folder + "/known_certs").Load(); !known.ok()) {
    const Error& error = known.error();
    return Fail(check, error.message, error.hint.empty() ? "mend known_certs" : error.hint);
  }
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
    return Warn(check, folder + " can be read by others", "chmod 700 " + folder);
  }
  return Ok(check, folder + " is this user's alone");
}

}  // namespace commresolve::cli
