// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// SharingFixture: commands over a real socket, with a network that says what a test wants.

#ifndef COMMRESOLVE_TESTS_CLI_SHARING_FIXTURE_H_
#define COMMRESOLVE_TESTS_CLI_SHARING_FIXTURE_H_

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "grpc/daemon/rpc_server.h"
#include "tests/grpc/engine/engine_world.h"
#include "tests/grpc/service/fake_sharing.h"

namespace commresolve::cli {

class SharingFixture : public testing::Test {
 protected:
  SharingFixture() {
    daemon::RpcServerOptions options{world_.folder() + "/grpc.sock", 0600,
                                     world_.folder() + "/keeper.sock"};
    options.sharing = &fake_;
    server_ = *daemon::RpcServer::Start(world_.engine(), options);
    Settings("");
  }
  void Settings(const std::string& text) const {
    std::ofstream(world_.folder() + "/config.toml") << text;
  }
  /// Runs a command; its output is in `out_` and `error_` then.
  template <class Command>
  ExitCode Run(const Command& command, bool json = false) {
    GlobalOptions global;
    global.config = world_.folder() + "/config.toml";
    global.socket = world_.folder() + "/keeper.sock";
    global.color = "never";
    global.json = json;
    auto context = Context::Make(global);
    EXPECT_TRUE(context.ok()) << context.error().message;
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const ExitCode code = command(**context);
    out_ = testing::internal::GetCapturedStdout();
    error_ = testing::internal::GetCapturedStderr();
    return code;
  }

  fakes::EngineWorld world_;
  fakes::FakeSharing fake_;
  std::unique_ptr<daemon::RpcServer> server_;
  std::string out_;
  std::string error_;
};

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_TESTS_CLI_SHARING_FIXTURE_H_
