// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ProbeAll against servers that are honest, broken or hostile.

#include "resolver/net/prober.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <map>

#include "resolver/base/unique_fd.h"
#include "tests/fakes/tls_server.h"

namespace commresolve {
namespace {

using fakes::Behaviour;
using fakes::DialogueFault;
using fakes::TestCertificate;
using fakes::TlsServer;
using fakes::TlsServerOptions;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr milliseconds kPatience{10'000};

class ProberTest : public ::testing::Test {
 protected:
  ProberTest() : prober_(std::move(*Prober::Make(clock_))) {}

  static TlsServerOptions With(Behaviour behaviour) {
    TlsServerOptions options;
    options.behaviour = behaviour;
    return options;
  }

  std::vector<ProbeOutcome> ProbeAll(const std::vector<Endpoint>& endpoints) {
    std::vector<ProbeOutcome> outcomes;
    prober_->ProbeAll(
        endpoints, options_, [&](ProbeOutcome outcome) { outcomes.push_back(std::move(outcome)); },
        nullptr);
    return outcomes;
  }

  Result<Handshake> Probe(const Endpoint& endpoint) {
    std::vector<ProbeOutcome> outcomes = ProbeAll({endpoint});
    EXPECT_EQ(outcomes.size(), 1U);
    EXPECT_EQ(outcomes[0].endpoint, endpoint);
    return outcomes[0].handshake;
  }

  /// The error of a probe of `server`, which must fail.
  Error FailureOf(const TlsServer& server) {
    const Result<Handshake> handshake = Probe(server.endpoint());
    EXPECT_FALSE(handshake.ok());
    if (handshake.ok()) return {};
    EXPECT_THAT(handshake.error().message, StartsWith(server.endpoint().ToString() + ": "));
    return handshake.error();
  }

  ManualClock clock_{1'700'000'000};
  std::unique_ptr<Prober> prober_;
  ProbeOptions options_{kPatience};
  const TestCertificate certificate_ = fakes::MakeCertificate({.names = {"www.example"}});
};

TEST_F(ProberTest, DescribesWhatWasProved) {
  const fakes::TestCa ca = fakes::TestCa("Root").Intermediate("Middle");
  const TestCertificate issued = ca.Issue({.names = {"www.example"}});
  const TlsServer server(issued);
  const auto handshake = Probe(server.endpoint("www.example"));
  ASSERT_TRUE(handshake.ok()) << handshake.error().message;
  EXPECT_EQ(handshake->endpoint, server.endpoint("www.example"));
  EXPECT_EQ(handshake->time, 1'700'000'000);
  EXPECT_EQ(handshake->key, issued.key_id());
  EXPECT_EQ(handshake->chain, issued.Chain());
  EXPECT_EQ(handshake->chain.size(), 2U);
  EXPECT_EQ(handshake->tls_version, "TLSv1.3");
  EXPECT_THAT(handshake->cipher, StartsWith("TLS_"));
  ASSERT_TRUE(server.WaitUntilIdle(kPatience));
  EXPECT_EQ(server.counts().handshakes, 1U);
  EXPECT_EQ(server.counts().bytes, 0U);
  EXPECT_EQ(server.counts().last_server_name, "www.example");
}

TEST_F(ProberTest, SendsNoServerNameIfThereIsNone) {
  const TlsServer server(certificate_);
  ASSERT_TRUE(Probe(server.endpoint()).ok());
  ASSERT_TRUE(server.WaitUntilIdle(kPatience));
  EXPECT_EQ(server.counts().last_server_name, "");
}

TEST_F(ProberTest, SpeaksEveryProtocol) {
  for (const Protocol protocol :
       {Protocol::kTls, Protocol::kXmppClient, Protocol::kXmppServer, Protocol::kSmtp,
        Protocol::kImap, Protocol::kPop3, Protocol::kLdap, Protocol::kPostgres, Protocol::kFtp}) {
    TlsServerOptions options;
    options.protocol = protocol;
    const TlsServer server(certificate_, options);
    const auto handshake = Probe(server.endpoint("www.example"));
    ASSERT_TRUE(handshake.ok()) << handshake.error().message;
    EXPECT_EQ(handshake->key, certificate_.key_id());

    options.fault = DialogueFault::kInjection;
    const TlsServer hostile(certificate_, options);
    if (protocol != Protocol::kTls) {
      EXPECT_THAT(FailureOf(hostile).message, HasSubstr("plain text after its go-ahead"));
    }
  }
}

TEST_F(ProberTest, SpeaksIpVersion6) {
  TlsServerOptions options;
  options.addresses = {"::1"};
  const TlsServer server(certificate_, options);
  const auto handshake = Probe(server.endpoint());
  ASSERT_TRUE(handshake.ok()) << handshake.error().message;
}

TEST_F(ProberTest, SeesAChangedKey) {
  TlsServer server(certificate_);
  ASSERT_EQ(Probe(server.endpoint())->key, certificate_.key_id());
  const TestCertificate other = fakes::MakeCertificate({.names = {"www.example"}});
  server.Present(other);
  EXPECT_EQ(Probe(server.endpoint())->key, other.key_id());
}

TEST_F(ProberTest, BelievesNoCertificateWithoutItsKey) {
  const TlsServer server(fakes::Borrow(certificate_));
  const Error error = FailureOf(server);
  EXPECT_EQ(error.code, Code::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr("TLS handshake failed: bad signature"));
}

TEST_F(ProberTest, BelievesNoAnonymousServer) {
  const TlsServer server(certificate_, With(Behaviour::kAnonymous));
  EXPECT_THAT(FailureOf(server).message, HasSubstr("handshake failure"));
}

TEST_F(ProberTest, RefusesOldTls) {
  const TlsServer server(certificate_, With(Behaviour::kTls10Only));
  EXPECT_EQ(FailureOf(server).code, Code::kInvalidArgument);
}

TEST_F(ProberTest, NamesTheCauseOfAFailure) {
  Endpoint nobody;
  {
    const TlsServer gone(certificate_);
    nobody = gone.endpoint();
  }
  const auto refused = Probe(nobody);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_EQ(refused.error().message, nobody.ToString() + ": connection refused");

  const TlsServer closing(certificate_, With(Behaviour::kCloseOnAccept));
  EXPECT_EQ(FailureOf(closing).code, Code::kUnavailable);

  const TlsServer garbage(certificate_, With(Behaviour::kGarbage));
  const Error not_tls = FailureOf(garbage);
  EXPECT_EQ(not_tls.code, Code::kInvalidArgument);
  EXPECT_THAT(not_tls.message, HasSubstr("TLS handshake failed: wrong version number"));

  TlsServerOptions options;
  options.protocol = Protocol::kSmtp;
  options.fault = DialogueFault::kNotOffered;
  const TlsServer plain(certificate_, options);
  EXPECT_THAT(FailureOf(plain).message,
              HasSubstr(": the server does not offer STARTTLS (said: 250 HELP)"));
  options.fault = DialogueFault::kEndless;
  const TlsServer endless(certificate_, options);
  EXPECT_THAT(FailureOf(endless).message, HasSubstr("talks without end"));

  Endpoint quic = nobody;
  quic.protocol = Protocol::kQuic;
  EXPECT_EQ(Probe(quic).error().code, Code::kInvalidArgument);
}

TEST_F(ProberTest, GivesUpAtTheDeadline) {
  options_.deadline = milliseconds(50);
  for (const Protocol protocol : {Protocol::kTls, Protocol::kSmtp}) {
    TlsServerOptions options = With(Behaviour::kStall);
    options.protocol = protocol;
    const TlsServer server(certificate_, options);
    const Error error = FailureOf(server);
    EXPECT_EQ(error.code, Code::kDeadlineExceeded);
    EXPECT_THAT(error.message, HasSubstr("within 50 ms"));
  }
}

TEST_F(ProberTest, OneSilentServerHoldsUpNobody) {
  options_.deadline = milliseconds(400);
  const TlsServer silent(certificate_, With(Behaviour::kStall));
  const TlsServer honest(certificate_);
  const auto outcomes = ProbeAll({silent.endpoint(), honest.endpoint(), honest.endpoint()});
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_TRUE(outcomes[0].handshake.ok());
  EXPECT_TRUE(outcomes[1].handshake.ok());
  EXPECT_EQ(outcomes[2].endpoint, silent.endpoint());
}

TEST_F(ProberTest, IsPoliteToEveryAddress) {
  const TlsServer silent(certificate_, With(Behaviour::kStall));
  TlsServerOptions elsewhere;
  elsewhere.addresses = {"127.0.0.2"};
  const TlsServer honest(certificate_, elsewhere);
  std::vector<Endpoint> endpoints(20, silent.endpoint());
  endpoints.push_back(honest.endpoint());
  options_.per_address = 3;
  std::atomic<bool> stop{false};
  prober_->ProbeAll(endpoints, options_, [&](ProbeOutcome) { stop = true; }, &stop);
  ASSERT_TRUE(silent.WaitUntilIdle(kPatience));
  EXPECT_LE(silent.counts().connections, 3U);
}

TEST_F(ProberTest, ReportsEachOfManyEndpointsOnce) {
  TlsServerOptions options;
  options.addresses.clear();
  options.port = 47443;
  for (int i = 1; i <= 200; ++i) options.addresses.push_back("127.9.0." + std::to_string(i));
  const TlsServer server(certificate_, options);
  std::vector<Endpoint> endpoints;
  for (const std::string& address : options.addresses) {
    for (int copy = 0; copy < 3; ++copy) {
      endpoints.push_back({*IpAddress::Parse(address), options.port, Protocol::kTls, ""});
    }
  }
  options_.at_once = 32;
  std::map<Endpoint, int> seen;
  for (const ProbeOutcome& outcome : ProbeAll(endpoints)) {
    EXPECT_TRUE(outcome.handshake.ok()) << outcome.handshake.error().message;
    ++seen[outcome.endpoint];
  }
  EXPECT_EQ(seen.size(), 200U);
  for (const auto& [endpoint, count] : seen) EXPECT_EQ(count, 3) << endpoint.ToString();
}

TEST_F(ProberTest, GoesOnWithAsManyDescriptorsAsThereAre) {
  // Connections are established by the kernel and never taken, so they need no descriptor here.
  const UniqueFd listener(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(listen(listener.get(), 64), 0);
  ASSERT_EQ(getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  const Endpoint silent{*IpAddress::Parse("127.0.0.1"), ntohs(address.sin_port), Protocol::kTls,
                        ""};
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(listener.get()) + 6;
  setrlimit(RLIMIT_NOFILE, &few);
  options_.per_address = 100;
  options_.deadline = milliseconds(50);
  const auto outcomes = ProbeAll(std::vector<Endpoint>(12, silent));
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(outcomes.size(), 12U);
  for (const ProbeOutcome& outcome : outcomes) {
    EXPECT_EQ(outcome.handshake.error().code, Code::kDeadlineExceeded)
        << outcome.handshake.error().message;
  }
}

TEST_F(ProberTest, StopsWhenToldTo) {
  const TlsServer honest(certificate_);
  const TlsServer silent(certificate_, With(Behaviour::kStall));
  std::atomic<bool> stop{false};
  size_t reported = 0;
  prober_->ProbeAll(
      {honest.endpoint(), silent.endpoint()}, options_,
      [&](ProbeOutcome) {
        ++reported;
        stop = true;
      },
      &stop);
  EXPECT_EQ(reported, 1U);
}

TEST_F(ProberTest, OfNothingReportsNothing) { EXPECT_TRUE(ProbeAll({}).empty()); }

}  // namespace
}  // namespace commresolve
