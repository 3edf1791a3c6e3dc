// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The NSS socket under friendly, slow, silent and greedy programs.

#include "grpc/nss_endpoint/nss_endpoint.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "nss-module/wire.h"

namespace commresolve {
namespace {

using std::chrono::milliseconds;

constexpr int kLong = 20'000;  // Milliseconds after which a test has failed.

/// A handler that keeps the questions until the test takes them.
class Questions {
 public:
  struct Pending {
    NssQuestion question;
    NssReplier replier;
  };
  NssHandler Handler() {
    return [this](NssQuestion question, NssReplier replier) {
      const std::lock_guard lock(mutex_);
      pending_.push_back({std::move(question), std::move(replier)});
      arrived_.notify_all();
    };
  }
  Pending Take() {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, milliseconds(kLong), [this] { return !pending_.empty(); });
    Pending first = std::move(pending_.front());
    pending_.pop_front();
    return first;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Pending> pending_;
};

NssAnswer Found(const std::string& name) {
  return {NssStatus::kFound,
          {.name = name, .addresses = {*IpAddress::Parse("192.0.2.7")}, .proved_until = 1LL << 40}};
}

/// A program at the other end.
class Client {
 public:
  explicit Client(const std::string& path)
      : fd_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    connected_ = ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  [[nodiscard]] bool connected() const { return connected_; }
  bool Send(std::string_view bytes) {
    return ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) >= 0;
  }
  bool Ask(std::string_view name, uint16_t budget_ms = 10'000) {
    nss::Request head = {};
    head.size = static_cast<uint16_t>(sizeof head + name.size());
    head.version = nss::kVersion;
    head.operation = nss::kResolveName;
    head.budget_ms = budget_ms;
    head.name_size = static_cast<uint8_t>(name.size());
    head.id = 42;
    return Send(std::string(reinterpret_cast<const char*>(&head), sizeof head).append(name));
  }
  /// The status of the reply; nothing if the endpoint closes or is silent for too long.
  std::optional<nss::ReplyStatus> Read(std::string_view name) {
    pollfd waiting = {fd_.get(), POLLIN, 0};
    if (::poll(&waiting, 1, kLong) != 1) return std::nullopt;
    uint8_t bytes[2048];
    const ssize_t size = ::recv(fd_.get(), bytes, sizeof bytes, 0);
    if (size <= 0) return std::nullopt;
    nss::Record record;
    return nss::ReadReply(bytes, static_cast<size_t>(size), 42, {name.data(), name.size(), false},
                          1000, &record);
  }
  bool IsClosed() { return !Read("").has_value(); }
  void Close() { fd_.Reset(); }

 private:
  UniqueFd fd_;
  bool connected_ = false;
};

class NssEndpointTest : public testing::Test {
 protected:
  NssEndpointTest() { EXPECT_NE(mkdtemp(folder_.data()), nullptr); }
  ~NssEndpointTest() override {
    endpoint_.reset();
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::string path() const { return folder_ + "/nss.sock"; }
  /// Long patience, so that only the test that shortens it depends on time.
  NssEndpointOptions Options() {
    NssEndpointOptions options;
    options.path = path();
    options.patience = milliseconds(kLong);
    options.most_budget = milliseconds(kLong);
    return options;
  }
  void Start(NssEndpointOptions options) {
    auto endpoint = NssEndpoint::Start(std::move(options), questions_.Handler());
    ASSERT_TRUE(endpoint.ok()) << endpoint.error().message;
    endpoint_ = std::move(*endpoint);
  }
  template <class Condition>
  void Await(const Condition& condition) {
    for (int i = 0; i < kLong && !condition(endpoint_->counters()); ++i) {
      std::this_thread::sleep_for(milliseconds(1));
    }
    EXPECT_TRUE(condition(endpoint_->counters()));
  }

  std::string folder_ = "/tmp/commresolve-endpoint-XXXXXX";
  Questions questions_;
  std::unique_ptr<NssEndpoint> endpoint_;
};

TEST_F(NssEndpointTest, AnswersAQuestion) {
  Start(Options());
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  auto [question, replier] = questions_.Take();
  EXPECT_EQ(question.name, "a.cert.alt");
  EXPECT_EQ(question.uid, getuid());
  EXPECT_EQ(question.pid, getpid());
  EXPECT_GT(question.deadline, std::chrono::steady_clock::now());
  replier.Answer(Found("a.cert.alt"));
  replier.Answer({NssStatus::kNoSuchName, {}});
  EXPECT_EQ(client.Read("a.cert.alt"), nss::ReplyStatus::kFound);
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(endpoint_->counters().answered, 1U);
}

TEST_F(NssEndpointTest, ASlowAnswerHoldsUpNobody) {
  Start(Options());
  Client slow(path());
  ASSERT_TRUE(slow.Ask("slow.cert.alt"));
  auto held = questions_.Take();
  for (int i = 0; i < 50; ++i) {
    Client quick(path());
    ASSERT_TRUE(quick.Ask("quick.cert.alt"));
    questions_.Take().replier.Answer({NssStatus::kNoSuchName, {}});
    EXPECT_EQ(quick.Read("quick.cert.alt"), nss::ReplyStatus::kNoSuchName);
  }
  std::thread([&held] { held.replier.Answer(Found("slow.cert.alt")); }).join();
  EXPECT_EQ(slow.Read("slow.cert.alt"), nss::ReplyStatus::kFound);
}

TEST_F(NssEndpointTest, ALostReplierSaysTryAgain) {
  Start(Options());
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  {
    const auto lost = questions_.Take();
  }
  EXPECT_EQ(client.Read("a.cert.alt"), nss::ReplyStatus::kTryAgain);
}

TEST_F(NssEndpointTest, ConnectionsThatSendNothingCauseNoWork) {
  Start(Options());
  for (int i = 0; i < 200; ++i) EXPECT_TRUE(Client(path()).connected());
  Await([](const auto& counters) { return counters.accepted == 200; });
  EXPECT_EQ(endpoint_->counters().questions, 0U);
  EXPECT_EQ(endpoint_->counters().malformed, 0U);
}

TEST_F(NssEndpointTest, WhoeverGoesAwayIsForgotten) {
  NssEndpointOptions options = Options();
  options.most_connections = 1;
  Start(std::move(options));
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  auto late = questions_.Take();
  client.Close();
  // There is room for the next only when the first is gone.
  for (bool asked = false; !asked;) {
    Client next(path());
    asked = next.Ask("b.cert.alt") && (late.replier.Answer(Found("a.cert.alt")), true);
    const auto pending = [&] { return endpoint_->counters().questions == 2; };
    for (int i = 0; i < 20 && !pending(); ++i) std::this_thread::sleep_for(milliseconds(1));
    asked = pending();
    if (!asked) continue;
    questions_.Take().replier.Answer({NssStatus::kNoSuchName, {}});
    EXPECT_EQ(next.Read("b.cert.alt"), nss::ReplyStatus::kNoSuchName);
  }
}

TEST_F(NssEndpointTest, RequestsThatAreNoneEndTheConnection) {
  Start(Options());
  for (const std::string& bytes :
       {std::string("x"), std::string(16, '\0'), std::string(300, '\xff'), std::string(60'000, 'a'),
        std::string("GET / HTTP/1.1\r\n\r\n")}) {
    Client client(path());
    ASSERT_TRUE(client.Send(bytes));
    EXPECT_TRUE(client.IsClosed());
  }
  Client foreign(path());
  ASSERT_TRUE(foreign.Ask("www.example.org"));
  EXPECT_TRUE(foreign.IsClosed());
  EXPECT_EQ(endpoint_->counters().malformed, 6U);
  EXPECT_EQ(endpoint_->counters().questions, 0U);
}

TEST_F(NssEndpointTest, SilentProgramsAreDropped) {
  NssEndpointOptions options = Options();
  options.patience = milliseconds(30);
  Start(std::move(options));
  Client client(path());
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(endpoint_->counters().overdue, 1U);
}

TEST_F(NssEndpointTest, TheBudgetEndsWithTryAgain) {
  NssEndpointOptions options = Options();
  options.most_budget = milliseconds(40);
  Start(std::move(options));
  for (const uint16_t budget : {uint16_t{20}, uint16_t{60'000}}) {
    Client client(path());
    ASSERT_TRUE(client.Ask("a.cert.alt", budget));
    auto held = questions_.Take();
    EXPECT_EQ(client.Read("a.cert.alt"), nss::ReplyStatus::kTryAgain);
    EXPECT_TRUE(client.IsClosed());
    held.replier.Answer(Found("a.cert.alt"));
  }
  EXPECT_EQ(endpoint_->counters().overdue, 2U);
  EXPECT_EQ(endpoint_->counters().answered, 0U);
}

TEST_F(NssEndpointTest, ASecondRequestEndsTheConnection) {
  Start(Options());
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  auto held = questions_.Take();
  client.Ask("b.cert.alt");
  EXPECT_TRUE(client.IsClosed());
  EXPECT_EQ(endpoint_->counters().questions, 1U);
}

TEST_F(NssEndpointTest, OneUserCannotTakeEverything) {
  NssEndpointOptions options = Options();
  options.most_connections_of_user = 4;
  Start(std::move(options));
  std::vector<Client> clients;
  clients.reserve(4);
  for (int i = 0; i < 4; ++i) clients.emplace_back(path());
  Await([](const auto& counters) { return counters.accepted == 4; });
  Client fifth(path());
  EXPECT_TRUE(fifth.IsClosed());
  EXPECT_EQ(endpoint_->counters().refused, 1U);
  clients.pop_back();
  for (bool room = false; !room;) {
    Client next(path());
    next.Ask("a.cert.alt");
    std::this_thread::sleep_for(milliseconds(2));
    room = endpoint_->counters().questions == 1;
  }
}

TEST_F(NssEndpointTest, ManyProgramsAtOnce) {
  std::atomic<size_t> found = 0;
  auto endpoint =
      NssEndpoint::Start(Options(), [](const NssQuestion& question, NssReplier replier) {
        replier.Answer(Found(question.name));
      });
  ASSERT_TRUE(endpoint.ok());
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, &found] {
      for (int k = 0; k < 200; ++k) {
        Client client(path());
        if (client.Ask("a.cert.alt") && client.Read("a.cert.alt") == nss::ReplyStatus::kFound) {
          ++found;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(found, 1600U);
  EXPECT_EQ((*endpoint)->counters().answered, 1600U);
}

TEST_F(NssEndpointTest, StopsWithQuestionsOut) {
  Start(Options());
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  auto held = questions_.Take();
  endpoint_->Stop();
  endpoint_->Stop();
  EXPECT_TRUE(client.IsClosed());
  EXPECT_NE(access(path().c_str(), F_OK), 0);
  endpoint_.reset();
  held.replier.Answer(Found("a.cert.alt"));
}

TEST_F(NssEndpointTest, TheSocketAtThePath) {
  {
    Client early(path());
  }
  Start(Options());
  struct stat info{};
  ASSERT_EQ(stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0666U);
  const auto second = NssEndpoint::Start(Options(), questions_.Handler());
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, Code::kBusy);
  EXPECT_TRUE(Client(path()).connected());
  endpoint_.reset();
  // What a killed daemon leaves behind.
  {
    const UniqueFd stale(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(stale.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  }
  NssEndpointOptions options = Options();
  options.mode = 0600;
  Start(std::move(options));
  ASSERT_EQ(stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
  // Somebody else's by now: it stays.
  std::filesystem::remove(path());
  std::filesystem::create_directory(path());
  endpoint_.reset();
  EXPECT_TRUE(std::filesystem::exists(path()));
  NssEndpointOptions bad = Options();
  bad.path = folder_ + "/" + std::string(120, 'x');
  EXPECT_EQ(NssEndpoint::Start(std::move(bad), {}).error().code, Code::kUnavailable);
  bad = Options();
  bad.path = folder_ + "/nowhere/nss.sock";
  EXPECT_EQ(NssEndpoint::Start(std::move(bad), {}).error().code, Code::kUnavailable);
}

TEST_F(NssEndpointTest, AnInheritedSocketStays) {
  NssEndpointOptions options;
  options.inherited = UniqueFd(::socket(AF_UNIX, SOCK_SEQPACKET, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path().copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(options.inherited.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
            0);
  const UniqueFd silent(::dup(options.inherited.get()));
  const auto refused = NssEndpoint::Start(std::move(options), questions_.Handler());
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, Code::kInvalidArgument);
  ASSERT_EQ(::listen(silent.get(), 8), 0);
  NssEndpointOptions again;
  again.inherited = UniqueFd(::dup(silent.get()));
  Start(std::move(again));
  Client client(path());
  ASSERT_TRUE(client.Ask("a.cert.alt"));
  questions_.Take().replier.Answer(Found("a.cert.alt"));
  EXPECT_EQ(client.Read("a.cert.alt"), nss::ReplyStatus::kFound);
  endpoint_.reset();
  EXPECT_EQ(access(path().c_str(), F_OK), 0);
}

}  // namespace
}  // namespace commresolve
