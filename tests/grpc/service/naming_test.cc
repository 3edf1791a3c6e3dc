// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of commresolve.v1 follow the rules that buf calls STANDARD.

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <regex>

#include "commresolve/v1/keeper_service.pb.h"
#include "commresolve/v1/resolver_service.pb.h"
#include "commresolve/v1/sharing_service.pb.h"
#include "commresolve/v1/types.pb.h"

namespace commresolve::v1 {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::ServiceDescriptor;

std::vector<const FileDescriptor*> Files() {
  return {Endpoint::descriptor()->file(), SearchRequest::descriptor()->file(),
          BindRequest::descriptor()->file(), JoinRequest::descriptor()->file()};
}

bool Matches(const std::string& text, const char* pattern) {
  return std::regex_match(text, std::regex(pattern));
}

constexpr const char* kPascalCase = "([A-Z][a-z0-9]+)+";
constexpr const char* kSnakeCase = "[a-z][a-z0-9]*(_[a-z0-9]+)*";
constexpr const char* kUpperSnakeCase = "[A-Z][A-Z0-9]*(_[A-Z0-9]+)*";

std::string UpperSnake(const std::string& pascal) {
  std::string upper;
  for (const char c : pascal) {
    if (std::isupper(static_cast<unsigned char>(c)) != 0 && !upper.empty()) upper += '_';
    upper += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return upper;
}

TEST(NamingTest, FilesAndPackage) {
  for (const FileDescriptor* file : Files()) {
    EXPECT_EQ(file->package(), "commresolve.v1");
    EXPECT_TRUE(Matches(file->name(), "commresolve/v1/[a-z0-9_]+\\.proto")) << file->name();
    EXPECT_EQ(file->syntax(), FileDescriptor::SYNTAX_PROTO3);
  }
}

TEST(NamingTest, MessagesAndFields) {
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) {
      const Descriptor* message = file->message_type(i);
      EXPECT_TRUE(Matches(message->name(), kPascalCase)) << message->full_name();
      for (int j = 0; j < message->field_count(); ++j) {
        EXPECT_TRUE(Matches(message->field(j)->name(), kSnakeCase))
            << message->field(j)->full_name();
      }
    }
  }
}

TEST(NamingTest, Enums) {
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->enum_type_count(); ++i) {
      const EnumDescriptor* type = file->enum_type(i);
      EXPECT_TRUE(Matches(type->name(), kPascalCase)) << type->full_name();
      const std::string prefix = UpperSnake(type->name()) + "_";
      EXPECT_EQ(type->value(0)->name(), prefix + "UNSPECIFIED");
      EXPECT_EQ(type->value(0)->number(), 0);
      for (int j = 0; j < type->value_count(); ++j) {
        EXPECT_TRUE(type->value(j)->name().starts_with(prefix)) << type->value(j)->full_name();
        EXPECT_TRUE(Matches(type->value(j)->name(), kUpperSnakeCase));
      }
    }
  }
}

TEST(NamingTest, ServicesHaveRequestsAndResponsesOfTheirOwn) {
  std::set<std::string> used;
  int methods = 0;
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->service_count(); ++i) {
      const ServiceDescriptor* service = file->service(i);
      EXPECT_TRUE(service->name().ends_with("Service")) << service->full_name();
      for (int j = 0; j < service->method_count(); ++j, ++methods) {
        const auto* method = service->method(j);
        EXPECT_TRUE(Matches(method->name(), kPascalCase)) << method->full_name();
        EXPECT_EQ(method->input_type()->name(), method->name() + "Request");
        EXPECT_EQ(method->output_type()->name(), method->name() + "Response");
        EXPECT_TRUE(used.insert(method->input_type()->full_name()).second);
        EXPECT_TRUE(used.insert(method->output_type()->full_name()).second);
      }
    }
  }
  EXPECT_EQ(methods, 21);
}

}  // namespace
}  // namespace commresolve::v1
