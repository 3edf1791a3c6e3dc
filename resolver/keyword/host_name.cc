// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Host names by libidn2 and libpsl.

#include "resolver/keyword/host_name.h"

#include <idn2.h>
#include <libpsl.h>

#include <algorithm>
#include <memory>
#include <utility>

namespace commresolve {
namespace {

constexpr size_t kMaxNameBytes = 253;
constexpr size_t kMaxLabelBytes = 63;
constexpr size_t kMaxTypedBytes = 1'024;  ///< Of a name before IDN conversion.
constexpr std::string_view kWildcard = "*.";
constexpr std::string_view kAcePrefix = "xn--";

struct Idn2Free {
  void operator()(char* text) const { idn2_free(text); }
};
using Idn2Text = std::unique_ptr<char, Idn2Free>;

Error BadName(std::string_view text, const std::string& reason) {
  return {Code::kInvalidArgument,
          "'" + std::string(text.substr(0, 100)) + "' is not a host name: " + reason};
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsHexDigit(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }
bool IsNameByte(char c) { return (c >= 'a' && c <= 'z') || IsDigit(c) || c == '-' || c == '_'; }

void LowerAscii(std::string& text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
}

std::vector<std::string_view> SplitAtDots(std::string_view host) {
  std::vector<std::string_view> labels;
  while (true) {
    const size_t dot = host.find('.');
    labels.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) return labels;
    host.remove_prefix(dot + 1);
  }
}

/// The three other full stops of IDNA (RFC 3490 3.1) become dots.
std::string WithAsciiDots(std::string_view text) {
  std::string result(text);
  for (const std::string_view dot : {"\u3002", "\uff0e", "\uff61"}) {
    for (size_t at = result.find(dot); at != std::string::npos; at = result.find(dot, at + 1)) {
      result.replace(at, dot.size(), ".");
    }
  }
  return result;
}

/// U-label to A-label; empty if IDNA2008 does not allow it.
std::string ToAscii(const std::string& label) {
  char* raw = nullptr;
  const int status = idn2_to_ascii_8z(label.c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const Idn2Text text(raw);
  return status == IDN2_OK && raw != nullptr ? raw : std::string();
}

/// A-label to U-label; the label itself if it is none, or one that would not come back the same.
std::string ToUnicode(std::string_view label) {
  std::string text = DecodeALabel(label);
  if (text.empty() || ToAscii(text) != label) return std::string(label);
  return text;
}

/// RFC 1123 2.1: what ends in a number is an address, or nothing ("WHATWG URL: ends in a number").
bool EndsInNumber(std::string_view host) {
  std::string_view label = host.substr(host.rfind('.') + 1);
  if (std::all_of(label.begin(), label.end(), IsDigit)) return true;
  if (!label.starts_with("0x")) return false;
  label.remove_prefix(2);
  return std::all_of(label.begin(), label.end(), IsHexDigit);
}

/// `text` with its U-labels converted and without the dot at its end.
Result<std::string> ToAsciiName(std::string_view text) {
  std::string dotted = IsAscii(text) ? std::string(text) : WithAsciiDots(text);
  if (dotted.ends_with('.')) dotted.pop_back();
  if (IsAscii(dotted)) return dotted;
  std::string host;
  for (const std::string_view label : SplitAtDots(dotted)) {
    std::string ascii(label);
    if (!IsAscii(label)) ascii = ToAscii(ascii);
    if (ascii.empty()) return BadName(text, "a label is empty or not allowed by IDNA2008");
    if (!host.empty()) host += '.';
    host += ascii;
  }
  return host;
}

/// True if `text` is a host name in normal form.
bool IsNormal(std::string_view text) {
  if (text.size() > kMaxNameBytes) return false;
  if (text.starts_with(kWildcard)) text.remove_prefix(kWildcard.size());
  size_t label = 0;
  for (const char c : text) {
    const bool dot = c == '.';
    if (dot ? label == 0 : !IsNameByte(c) || label == kMaxLabelBytes) return false;
    label = dot ? 0 : label + 1;
  }
  return label > 0 && !EndsInNumber(text);
}

Status CheckLabels(std::string_view text, std::string_view host) {
  for (const std::string_view label : SplitAtDots(host)) {
    if (label.empty()) return BadName(text, "a label is empty");
    if (label.size() > kMaxLabelBytes) return BadName(text, "a label is longer than 63 bytes");
    if (!std::all_of(label.begin(), label.end(), IsNameByte)) {
      return BadName(text, "a label holds more than letters, digits, '-' and '_'");
    }
  }
  if (EndsInNumber(host)) return BadName(text, "it ends in a number, as an IP address does");
  return {};
}

const psl_ctx_t* SuffixList() { return psl_builtin(); }

}  // namespace

Result<std::string> NormaliseHostName(std::string_view text) {
  if (IsNormal(text)) return std::string(text);
  if (text.size() > kMaxTypedBytes) return BadName(text, "it is too long");
  if (text.find('\0') != std::string_view::npos) return BadName(text, "it holds a NUL byte");
  COMMRESOLVE_ASSIGN(host, ToAsciiName(text));
  LowerAscii(host);
  if (host.size() > kMaxNameBytes) return BadName(text, "it is longer than 253 bytes");
  const bool wildcard = host.starts_with(kWildcard);
  COMMRESOLVE_TRY(
      CheckLabels(text, std::string_view(host).substr(wildcard ? kWildcard.size() : 0)));
  return host;
}

std::string DecodeALabel(std::string_view label) {
  if (!label.starts_with(kAcePrefix)) return {};
  char* raw = nullptr;
  const int status = idn2_to_unicode_8z8z(std::string(label).c_str(), &raw, 0);
  const Idn2Text text(raw);
  return status == IDN2_OK && raw != nullptr ? raw : std::string();
}

std::string DisplayHostName(std::string_view host) {
  if (host.find(kAcePrefix) == std::string_view::npos) return std::string(host);
  std::string shown;
  for (const std::string_view label : SplitAtDots(host)) {
    if (!shown.empty()) shown += '.';
    shown += ToUnicode(label);
  }
  return shown;
}

HostParts SplitHostName(std::string_view host) {
  if (host.starts_with(kWildcard)) host.remove_prefix(kWildcard.size());
  const std::string name(host);
  HostParts parts;
  const bool single = name.find('.') == std::string::npos;
  if (single && psl_is_public_suffix2(SuffixList(), name.c_str(),
                                      PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 0) {
    parts.registrable_domain = name;
    parts.registrable_label = ToUnicode(name);
    return parts;
  }
  const char* registrable = psl_registrable_domain(SuffixList(), name.c_str());
  if (registrable == nullptr) {
    parts.suffix = name;
    return parts;
  }
  parts.registrable_domain = registrable;
  const size_t dot = parts.registrable_domain.find('.');
  parts.registrable_label = ToUnicode(parts.registrable_domain.substr(0, dot));
  parts.suffix = parts.registrable_domain.substr(dot + 1);
  if (name.size() > parts.registrable_domain.size()) {
    const size_t below = name.size() - parts.registrable_domain.size() - 1;
    for (const std::string_view label : SplitAtDots(host.substr(0, below))) {
      parts.sub.push_back(ToUnicode(label));
    }
  }
  return parts;
}

bool HasPublicSuffix(std::string_view host) {
  const std::string top(host.substr(host.rfind('.') + 1));
  // The top label first: without a rule for it, the list takes every top label for a suffix.
  return psl_is_public_suffix2(SuffixList(), top.c_str(), PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE) !=
             0 &&
         psl_is_public_suffix2(SuffixList(), std::string(host).c_str(), PSL_TYPE_ICANN) == 0;
}

bool MatchesHostName(std::string_view pattern, std::string_view host) {
  if (pattern.empty() || host.empty() || host.starts_with(kWildcard)) return false;
  if (pattern == host) return true;
  if (!pattern.starts_with(kWildcard)) return false;
  const std::string_view parent = pattern.substr(kWildcard.size());
  const size_t dot = host.find('.');
  if (dot == 0 || dot == std::string_view::npos || host.substr(dot + 1) != parent) return false;
  return psl_is_public_suffix2(SuffixList(), std::string(parent).c_str(), PSL_TYPE_ICANN) == 0;
}

}  // namespace commresolve
