// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Race: order, refusal, and the connection of the winner.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <csignal>
#include <thread>

#include "resolver/base/unique_fd.h"
#include "resolver/net/prober.h"
#include "tests/fakes/tls_server.h"

namespace commresolve {
namespace {

using fakes::Behaviour;
using fakes::TestCertificate;
using fakes::TlsServer;
using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::HasSubstr;

constexpr milliseconds kPatience{10'000};

bool AcceptAny(const Handshake&) { return true; }

class RaceTest : public ::testing::Test {
 protected:
  RaceTest() : prober_(std::move(*Prober::Make(clock_))) {}

  static fakes::TlsServerOptions With(Behaviour behaviour) {
    fakes::TlsServerOptions options;
    options.behaviour = behaviour;
    return options;
  }

  RaceResult Race(const std::vector<Endpoint>& endpoints,
                  const AcceptHandshake& accept = AcceptAny) {
    return prober_->Race(endpoints, options_, accept);
  }

  ManualClock clock_{1'700'000'000};
  std::unique_ptr<Prober> prober_;
  ProbeOptions options_{kPatience};
  const TestCertificate certificate_ = fakes::MakeCertificate({.names = {"www.example"}});
};

TEST_F(RaceTest, TheFirstWinsIfItAnswersInTime) {
  const TlsServer first(certificate_);
  const TlsServer second(certificate_);
  const RaceResult result = Race({first.endpoint(), second.endpoint()});
  ASSERT_TRUE(result.winner);
  EXPECT_EQ(result.winner->handshake.endpoint, first.endpoint());
  EXPECT_TRUE(result.losers.empty());
  EXPECT_EQ(second.counts().connections, 0U);
}

TEST_F(RaceTest, ASilentFirstCostsOneDelay) {
  const TlsServer silent(certificate_, With(Behaviour::kStall));
  const TlsServer honest(certificate_);
  const auto begin = steady_clock::now();
  const RaceResult result = Race({silent.endpoint(), honest.endpoint()});
  const auto took = steady_clock::now() - begin;
  ASSERT_TRUE(result.winner);
  EXPECT_EQ(result.winner->handshake.endpoint, honest.endpoint());
  EXPECT_GE(took, milliseconds(240));
  EXPECT_LT(took, kPatience / 2);
  ASSERT_EQ(result.losers.size(), 1U);
  EXPECT_EQ(result.losers[0].endpoint, silent.endpoint());
  EXPECT_EQ(result.losers[0].handshake.error().code, Code::kInterrupted);
}

TEST_F(RaceTest, ARefusedFirstCostsNoDelay) {
  Endpoint nobody;
  {
    const TlsServer gone(certificate_);
    nobody = gone.endpoint();
  }
  const TlsServer honest(certificate_);
  // Fifty delays would be longer than the patience of this test.
  std::vector<Endpoint> endpoints(50, nobody);
  endpoints.push_back(honest.endpoint());
  const auto begin = steady_clock::now();
  const RaceResult result = Race(endpoints);
  ASSERT_TRUE(result.winner);
  EXPECT_EQ(result.losers.size(), 50U);
  EXPECT_LT(steady_clock::now() - begin, kPatience);
}

TEST_F(RaceTest, AnUnwantedKeyDoesNotWin) {
  const TestCertificate other = fakes::MakeCertificate({.names = {"www.example"}});
  const TlsServer wrong(other);
  const TlsServer right(certificate_);
  const auto wanted = [&](const Handshake& handshake) {
    return handshake.key == certificate_.key_id();
  };
  const RaceResult result = Race({wrong.endpoint(), right.endpoint()}, wanted);
  ASSERT_TRUE(result.winner);
  EXPECT_EQ(result.winner->handshake.endpoint, right.endpoint());
  ASSERT_EQ(result.losers.size(), 1U);
  EXPECT_EQ(result.losers[0].handshake->key, other.key_id());
  EXPECT_FALSE(Race({wrong.endpoint()}, wanted).winner);
}

TEST_F(RaceTest, WithoutEndpointsNobodyWins) {
  const RaceResult result = Race({});
  EXPECT_FALSE(result.winner);
  EXPECT_TRUE(result.losers.empty());
}

class PipeTest : public RaceTest {
 protected:
  PipeTest() {
    int in[2];
    int out[2];
    EXPECT_EQ(pipe2(in, O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(out, O_CLOEXEC), 0);
    in_read_.Reset(in[0]);
    in_write_.Reset(in[1]);
    out_read_.Reset(out[0]);
    out_write_.Reset(out[1]);
  }

  Status Pipe(const TlsServer& server, const std::atomic<bool>* stop = nullptr) {
    RaceResult result = Race({server.endpoint()});
    if (!result.winner) return Error{Code::kInternal, "no connection"};
    return result.winner->connection->Pipe(in_read_.get(), out_write_.get(), stop);
  }

  void Type(const std::string& text) const {
    ASSERT_EQ(write(in_write_.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }

  /// What came out, after the writing end is closed.
  std::string Output() {
    out_write_.Reset();
    std::string text;
    char bytes[4096];
    for (ssize_t got = 0; (got = read(out_read_.get(), bytes, sizeof bytes)) > 0;) {
      text.append(bytes, static_cast<size_t>(got));
    }
    return text;
  }

  UniqueFd in_read_;
  UniqueFd in_write_;
  UniqueFd out_read_;
  UniqueFd out_write_;
};

TEST_F(PipeTest, SendsNothingBeforeItIsTold) {
  const TlsServer server(certificate_);
  {
    const RaceResult result = Race({server.endpoint()});
  }
  ASSERT_TRUE(server.WaitUntilIdle(kPatience));
  EXPECT_EQ(server.counts().handshakes, 1U);
  EXPECT_EQ(server.counts().bytes, 0U);
}

TEST_F(PipeTest, CarriesBothDirectionsToTheirEnd) {
  const TlsServer server(certificate_);
  Type("hello");
  in_write_.Reset();
  const Status status = Pipe(server);
  EXPECT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(Output(), "hello");
}

TEST_F(PipeTest, CarriesMoreThanAnyBuffer) {
  const TlsServer server(certificate_);
  const std::string text(3'000'000, 'x');
  std::string output;
  std::thread typist([&] {
    size_t at = 0;
    while (at < text.size()) {
      const ssize_t sent = write(in_write_.get(), text.data() + at, text.size() - at);
      ASSERT_GT(sent, 0);
      at += static_cast<size_t>(sent);
    }
    in_write_.Reset();
  });
  std::thread reader([&] {
    char bytes[65536];
    for (ssize_t got = 0; (got = read(out_read_.get(), bytes, sizeof bytes)) > 0;) {
      output.append(bytes, static_cast<size_t>(got));
    }
  });
  const Status status = Pipe(server);
  out_write_.Reset();
  typist.join();
  reader.join();
  EXPECT_TRUE(status.ok()) << status.error().message;
  EXPECT_EQ(output.size(), text.size());
  EXPECT_EQ(server.counts().bytes, text.size());
}

TEST_F(PipeTest, ACutConnectionIsAnError) {
  const TlsServer server(certificate_, With(Behaviour::kTruncate));
  Type("hello");
  const Status status = Pipe(server);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kUnavailable);
  EXPECT_THAT(status.error().message, HasSubstr("without close_notify"));
  EXPECT_EQ(Output(), "hello");
}

TEST_F(PipeTest, AnotherHandshakeInTheMiddleIsRefused) {
  const TlsServer server(certificate_, With(Behaviour::kRenegotiate));
  Type("hello");
  const Status status = Pipe(server);
  EXPECT_FALSE(status.ok());
  ASSERT_TRUE(server.WaitUntilIdle(kPatience));
  EXPECT_EQ(server.counts().handshakes, 1U);
}

TEST_F(PipeTest, AReaderThatLeftIsAnErrorAndNoSignal) {
  const TlsServer server(certificate_);
  ASSERT_EQ(std::signal(SIGPIPE, SIG_DFL), SIG_DFL);
  Type("hello");
  out_read_.Reset();
  const Status status = Pipe(server);
  ASSERT_FALSE(status.ok());
  EXPECT_THAT(status.error().message, HasSubstr("broken pipe"));
}

TEST_F(PipeTest, StopsWhenToldTo) {
  const TlsServer server(certificate_);
  const std::atomic<bool> stop{true};
  const Status status = Pipe(server, &stop);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::kInterrupted);
}

}  // namespace
}  // namespace commresolve
