// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// TlsServer: a TLS server inside the test program, with a certificate of the test's choice, that
// echoes what it is sent, counts what happens to it, and can misbehave.

#ifndef COMMRESOLVE_TESTS_FAKES_TLS_SERVER_H_
#define COMMRESOLVE_TESTS_FAKES_TLS_SERVER_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "resolver/endpoint.h"
#include "tests/fakes/certificates.h"
#include "tests/fakes/server_dialogue.h"

namespace commresolve::fakes {

enum class Behaviour {
  kHonest,
  kCloseOnAccept,  ///< Closes every connection at once.
  kStall,          ///< Accepts and never says a word.
  kGarbage,        ///< Sends text that is no protocol at all, then closes.
  kTls10Only,      ///< Speaks nothing newer than TLS 1.0.
  kAnonymous,      ///< Offers only cipher suites without a certificate.
  kRenegotiate,    ///< TLS 1.2, and asks for a new handshake after the first bytes of the client.
  kTruncate,       ///< Echoes once, then closes without close_notify.
};

struct TlsServerOptions {
  std::vector<std::string> addresses{"127.0.0.1"};
  uint16_t port = 0;  ///< 0: any free one (then with one address only).
  Protocol protocol = Protocol::kTls;
  Behaviour behaviour = Behaviour::kHonest;
  DialogueFault fault = DialogueFault::kNone;
};

/// Listens from construction to destruction, each connection on a thread of its own. Aborts the
/// program if it cannot listen. All functions are safe for concurrent use.
class TlsServer {
 public:
  explicit TlsServer(const TestCertificate& certificate, const TlsServerOptions& options = {});
  /// Shows what two PEM files say.
  TlsServer(const std::string& certificate_file, const std::string& key_file,
            const TlsServerOptions& options);
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  /// Ends every connection and waits for their threads.
  ~TlsServer();

  /// The first address, as something to probe.
  [[nodiscard]] Endpoint endpoint(const std::string& server_name = "") const;
  [[nodiscard]] uint16_t port() const;

  /// Connections accepted from now on see this certificate.
  void Present(const TestCertificate& certificate);
  /// The same from PEM files; false, with nothing changed, if they cannot be used.
  [[nodiscard]] bool Present(const std::string& certificate_file, const std::string& key_file);

  struct Counts {
    uint64_t connections = 0;  ///< Accepted.
    uint64_t handshakes = 0;   ///< Completed, as the server sees it.
    uint64_t bytes = 0;        ///< Application bytes received inside TLS.
    uint64_t most_at_once = 0;
    std::string last_server_name;  ///< SNI of the newest handshake, completed or not.
  };
  [[nodiscard]] Counts counts() const;
  /// Waits until no connection is open; false if some are after `patience`.
  [[nodiscard]] bool WaitUntilIdle(std::chrono::milliseconds patience) const;

 private:
  struct State;
  void Listen();
  std::shared_ptr<State> state_;
};

}  // namespace commresolve::fakes

#endif  // COMMRESOLVE_TESTS_FAKES_TLS_SERVER_H_
