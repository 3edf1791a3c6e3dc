// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// NssEndpoint: the socket at which the NSS module asks for names that the snapshot lacks.
//
// Every program of the machine may connect, hostile ones too. One thread serves all connections and
// never waits for one of them: it reads one request, hands it on, and sends the answer when there
// is one. It resolves no names itself, touches no file but its socket, and does nothing for a
// connection that sends nothing. A connection carries one request; it ends with the answer, when
// the request's time is over, or when the program goes away.
//
// The process that runs an endpoint must not ask itself: it calls
// __nss_configure_lookup("hosts", "files dns") before its first lookup.

#ifndef COMMRESOLVE_GRPC_NSS_ENDPOINT_NSS_ENDPOINT_H_
#define COMMRESOLVE_GRPC_NSS_ENDPOINT_NSS_ENDPOINT_H_

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "grpc/nss_endpoint/codec.h"
#include "resolver/base/result.h"
#include "resolver/base/unique_fd.h"

namespace commresolve {

/// A question and who asks it, as the kernel says.
struct NssQuestion {
  std::string name;                                ///< In normal form, under our suffix.
  std::chrono::steady_clock::time_point deadline;  ///< An answer after it is thrown away.
  uid_t uid = 0;
  pid_t pid = 0;  ///< 0 if the program is in a process namespace that we cannot see.
};

/// The way back to one program. May be used on any thread, also after the endpoint is gone.
class NssReplier {
 public:
  NssReplier(NssReplier&&) noexcept = default;
  NssReplier& operator=(NssReplier&&) noexcept;
  /// Answers "try again" if nobody has answered.
  ~NssReplier();

  /// Sends the answer, once; does nothing the second time, or if the program has gone away.
  void Answer(NssAnswer answer);

 private:
  friend class NssServer;
  struct Mailbox;
  NssReplier(std::shared_ptr<Mailbox> mailbox, uint64_t connection);
  std::shared_ptr<Mailbox> mailbox_;  // Empty once answered.
  uint64_t connection_;
};

/// Takes a question. Called on the endpoint's thread: it must not block, and hands what takes time
/// to another thread together with the replier. It must not throw.
using NssHandler = std::function<void(NssQuestion question, NssReplier replier)>;

struct NssEndpointOptions {
  /// Where the socket stands; empty if `inherited` is given. A socket that nobody listens at is
  /// replaced.
  std::string path;
  /// 0666 for a socket of the system, 0600 for that of one user.
  mode_t mode = 0666;
  /// A listening SOCK_SEQPACKET socket from a service manager, which stays where it is in the end.
  UniqueFd inherited = {};

  size_t most_connections = 512;
  size_t most_connections_of_user = 64;
  /// How long a program may be connected without a request.
  std::chrono::milliseconds patience{500};
  /// The longest time for an answer, whatever the request allows.
  std::chrono::milliseconds most_budget{1000};
};

/// What has happened since the start.
struct NssEndpointCounters {
  uint64_t accepted = 0;   ///< Connections.
  uint64_t refused = 0;    ///< Of these, closed at once: too many of all or of one user.
  uint64_t questions = 0;  ///< Handed to the handler.
  uint64_t answered = 0;   ///< By the handler, in time.
  uint64_t overdue = 0;    ///< Not answered in time, or never asked anything.
  uint64_t malformed = 0;  ///< Requests that were none.
};

/// Serves from Start() on, until Stop() or destruction.
class NssEndpoint {
 public:
  /// kBusy if another process listens at the path, kInvalidArgument if the inherited descriptor is
  /// no listening SOCK_SEQPACKET socket, else kUnavailable.
  static Result<std::unique_ptr<NssEndpoint>> Start(NssEndpointOptions options, NssHandler handler);
  ~NssEndpoint();
  NssEndpoint(const NssEndpoint&) = delete;
  NssEndpoint& operator=(const NssEndpoint&) = delete;

  /// Closes all connections, removes the socket that Start() made and waits for the thread. The
  /// handler is not called again. Not from the handler; a second call does nothing.
  void Stop();

  /// May be called on any thread.
  [[nodiscard]] NssEndpointCounters counters() const;

 private:
  explicit NssEndpoint(std::unique_ptr<class NssServer> server);
  std::unique_ptr<class NssServer> server_;
};

}  // namespace commresolve

#endif  // COMMRESOLVE_GRPC_NSS_ENDPOINT_NSS_ENDPOINT_H_
