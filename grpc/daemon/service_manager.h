// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Telling systemd how we are (sd_notify(3)), without its library.

#ifndef COMMRESOLVE_GRPC_DAEMON_SERVICE_MANAGER_H_
#define COMMRESOLVE_GRPC_DAEMON_SERVICE_MANAGER_H_

#include <chrono>
#include <optional>
#include <string>

#include "resolver/base/unique_fd.h"

namespace commresolve::daemon {

/// Sends `state` ("READY=1", "STOPPING=1", "WATCHDOG=1") to $NOTIFY_SOCKET; false if there is none
/// or it did not take it.
bool NotifyServiceManager(const std::string& state);

/// The socket that systemd hands over under this name (FileDescriptorName=, sd_listen_fds(3));
/// invalid if there is none. Each can be taken once.
UniqueFd InheritedSocket(const std::string& name);

/// How often it wants "WATCHDOG=1" (half of $WATCHDOG_USEC); empty if it does not.
std::optional<std::chrono::milliseconds> WatchdogInterval();

}  // namespace commresolve::daemon

#endif  // COMMRESOLVE_GRPC_DAEMON_SERVICE_MANAGER_H_
