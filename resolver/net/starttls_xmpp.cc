// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// STARTTLS in XMPP. Of XML only the tags are read, and of them only the local names: prefixes and
// quotes differ between servers, and nothing that is read here is believed anyway.

#include <algorithm>
#include <optional>
#include <utility>

#include "resolver/net/starttls_dialogues.h"

namespace commresolve {
namespace {

/// "<stream:features>" and its like; `name` without prefix.
struct Tag {
  std::string_view name;
  bool opens = false;   ///< An opening or empty tag.
  bool closes = false;  ///< A closing or empty tag.
};

/// The end of the tag that begins at text[0] == '<', behind its '>'; npos if it is not there yet.
/// A '>' inside quotes does not end it.
size_t TagEnd(std::string_view text) {
  if (text.starts_with("<!--")) {
    const size_t end = text.find("-->", 4);
    return end == std::string_view::npos ? end : end + 3;
  }
  char quote = 0;
  for (size_t i = 1; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '\'' || text[i] == '"') {
      quote = text[i];
    } else if (text[i] == '>') {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

/// Takes text up to and including the next tag off `text`; nothing if the tag is not whole yet.
std::optional<Tag> TakeTag(std::string_view& text) {
  const size_t begin = text.find('<');
  if (begin == std::string_view::npos) return std::nullopt;
  const size_t size = TagEnd(text.substr(begin));
  if (size == std::string_view::npos) return std::nullopt;
  std::string_view inside = text.substr(begin + 1, size - 2);
  text.remove_prefix(begin + size);
  Tag tag;
  if (inside.starts_with('?') || inside.starts_with('!')) return tag;
  tag.closes = inside.starts_with('/') || inside.ends_with('/');
  tag.opens = !inside.starts_with('/');
  if (!tag.opens) inside.remove_prefix(1);
  tag.name = inside.substr(0, inside.find_first_of(" \t\r\n/"));
  tag.name.remove_prefix(std::min(tag.name.size(), tag.name.find(':') + 1));
  return tag;
}

/// `name` if it can stand in an attribute as it is, else nothing.
std::string ToAttribute(const std::string& name) {
  constexpr std::string_view kHostCharacters = "abcdefghijklmnopqrstuvwxyz0123456789-._";
  if (name.empty() || name.find_first_not_of(kHostCharacters) != std::string::npos) return "";
  return " to='" + name + "'";
}

class XmppStartTls final : public StartTls {
 public:
  XmppStartTls(std::string_view content_namespace, const std::string& server_name)
      : header_("<?xml version='1.0'?><stream:stream" + ToAttribute(server_name) + " xmlns='" +
                std::string(content_namespace) +
                "' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>") {}

 protected:
  StartTlsStep Advance(std::string_view& unread) override {
    if (!header_.empty()) return {StartTlsStep::Kind::kContinue, std::exchange(header_, "")};
    const std::string_view all = unread;
    const size_t text = all.find_first_not_of(" \t\r\n");
    if (!in_stream_ && text != std::string_view::npos && all[text] != '<') {
      return NotSpoken("XMPP", all);
    }
    const std::optional<Tag> tag = TakeTag(unread);
    if (!tag) return {};
    const std::string_view said = all.substr(0, all.size() - unread.size());
    return OnTag(*tag, said);
  }

 private:
  StartTlsStep OnTag(const Tag& tag, std::string_view said) {
    if (tag.name.empty()) return {};
    if (!in_stream_) {
      in_stream_ = tag.name == "stream" && tag.opens;
      return in_stream_ ? StartTlsStep{} : NotSpoken("XMPP", said);
    }
    if (tag.name == "error" || (tag.name == "stream" && tag.closes)) in_error_ = true;
    // The condition, such as <host-unknown/>, stands in the tag behind <stream:error>.
    if (in_error_ && tag.name != "error") return NotOffered(said);
    if (asked_) {
      if (tag.name == "proceed") proceeds_ = true;
      if (proceeds_ && tag.closes) return {StartTlsStep::Kind::kReady};
      return tag.name == "failure" ? NotOffered(said) : StartTlsStep{};
    }
    if (tag.name == "starttls") offered_ = true;
    if (tag.name != "features" || !tag.closes) return {};
    if (!offered_) return NotOffered("stream features without starttls");
    asked_ = true;
    return {StartTlsStep::Kind::kContinue, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"};
  }

  std::string header_;
  bool in_stream_ = false;
  bool in_error_ = false;
  bool offered_ = false;
  bool asked_ = false;
  bool proceeds_ = false;
};

}  // namespace

std::unique_ptr<StartTls> MakeXmppStartTls(Protocol protocol, const std::string& server_name) {
  return std::make_unique<XmppStartTls>(
      protocol == Protocol::kXmppServer ? "jabber:server" : "jabber:client", server_name);
}

}  // namespace commresolve
