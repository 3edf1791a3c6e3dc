// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON by nlohmann's event parser: nothing but the wanted fields is kept, and nothing throws.

#include "index/sources/json_row.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace commresolve::index {
namespace {

using Json = nlohmann::json;

using TextField = std::optional<std::string> JsonRow::*;

TextField FindTextField(std::string_view key) {
  static constexpr std::pair<std::string_view, TextField> kFields[] = {
      {"sha256", &JsonRow::sha256},     {"ip", &JsonRow::ip},
      {"sni", &JsonRow::sni},           {"time", &JsonRow::time},
      {"starttls", &JsonRow::starttls}, {"transport", &JsonRow::transport},
      {"role", &JsonRow::role},         {"der_b64", &JsonRow::der_b64},
  };
  for (const auto& [name, field] : kFields) {
    if (name == key) return field;
  }
  return nullptr;
}

class Handler final : public nlohmann::json_sax<Json> {
 public:
  bool null() override {
    if (depth_ == 0) return NoObject();
    if (depth_ == 1) Clear();
    return true;
  }
  bool boolean(bool /*value*/) override { return Other(); }
  bool number_float(double /*value*/, const std::string& /*text*/) override { return Other(); }
  bool binary(Json::binary_t& /*value*/) override { return Other(); }
  bool number_integer(int64_t value) override {
    if (depth_ != 1 || key_ != "port") return Other();
    row_.port = value;
    return true;
  }
  bool number_unsigned(uint64_t value) override {
    return value <= INT64_MAX ? number_integer(static_cast<int64_t>(value)) : Other();
  }

  bool string(std::string& value) override {
    if (depth_ == 2 && in_chain_) {
      if (row_.chain.size() < kMaxChainLength) row_.chain.push_back(std::move(value));
      return true;
    }
    const TextField field = depth_ == 1 ? FindTextField(key_) : nullptr;
    if (field == nullptr) return Other();
    row_.*field = std::move(value);
    return true;
  }

  bool start_object(size_t /*elements*/) override {
    if (depth_ > 0 && !Other()) return false;
    return Deeper();
  }
  bool end_object() override { return Shallower(); }
  bool start_array(size_t /*elements*/) override {
    if (depth_ == 1 && key_ == "chain") {
      row_.chain.clear();
      in_chain_ = true;
    } else if (depth_ == 1 && key_ == "ip") {
      row_.ip.reset();
    } else if (!Other()) {
      return false;
    }
    return Deeper();
  }
  bool end_array() override {
    in_chain_ = in_chain_ && depth_ > 2;
    return Shallower();
  }
  bool key(std::string& value) override {
    if (depth_ == 1) key_ = std::move(value);
    return true;
  }

  bool parse_error(size_t position, const std::string& /*token*/,
                   const Json::exception& /*error*/) override {
    return Fail("not JSON at byte " + std::to_string(position));
  }

  Result<JsonRow> Finish(bool parsed) {
    if (parsed) return std::move(row_);
    return Error{Code::kInvalidArgument, reason_};
  }

 private:
  bool Fail(std::string reason) {
    reason_ = std::move(reason);
    return false;
  }
  bool NoObject() { return Fail("not a JSON object"); }

  /// A value that no wanted field may have.
  bool Other() {
    if (depth_ == 0) return NoObject();
    if (in_chain_) return Fail("'chain' is not a list of texts");
    const bool wanted = key_ == "port" || key_ == "chain" || FindTextField(key_) != nullptr;
    if (depth_ == 1 && wanted) return Fail("'" + key_ + "' has a value of the wrong type");
    return true;
  }

  void Clear() {
    if (const TextField field = FindTextField(key_)) (row_.*field).reset();
    if (key_ == "port") row_.port.reset();
    if (key_ == "chain") row_.chain.clear();
  }

  bool Deeper() {
    if (++depth_ > kMaxJsonDepth) return Fail("nested too deeply");
    return true;
  }
  bool Shallower() {
    --depth_;
    return true;
  }

  JsonRow row_;
  std::string key_;
  std::string reason_;
  size_t depth_ = 0;
  bool in_chain_ = false;
};

}  // namespace

Result<JsonRow> ParseJsonRow(std::string_view line) {
  Handler handler;
  const bool parsed = Json::sax_parse(line.begin(), line.end(), &handler);
  return handler.Finish(parsed);
}

}  // namespace commresolve::index
