// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Lines of words, there and back.

#include "dht/node/state_file.h"

#include <algorithm>
#include <sstream>
#include <string_view>

#include "resolver/base/digest.h"
#include "resolver/base/files.h"

namespace commresolve::dht {
namespace {

constexpr std::string_view kTitle = "commresolve-dht-node 1";
constexpr size_t kMostBytes = size_t{64} * 1024;
constexpr size_t kMostPeers = 256;

std::string Text(const DhtKey& key) {
  return Hex({reinterpret_cast<const char*>(key.data()), key.size()});
}

Result<DhtKey> Key(const std::string& text) {
  COMMRESOLVE_ASSIGN(bytes, FromHex(text));
  DhtKey key;
  if (bytes.size() != key.size()) return Error{Code::kInvalidArgument, "an id has 20 bytes"};
  std::ranges::copy(bytes, key.begin());
  return key;
}

Status ReadLine(const std::string& line, NodeState& state) {
  std::istringstream words(line);
  std::string kind;
  std::string id;
  std::string address;
  std::string more;
  words >> kind >> id >> address >> more;
  COMMRESOLVE_ASSIGN(key, Key(id));
  if (kind == "id" && address.empty()) {
    state.id = key;
    return {};
  }
  if (kind != "peer" || !more.empty()) return Error{Code::kInvalidArgument, "unknown words"};
  COMMRESOLVE_ASSIGN(where, PeerAddress::Parse(address));
  state.peers.push_back({key, where});
  return {};
}

}  // namespace

Result<NodeState> ReadState(const std::string& path) {
  COMMRESOLVE_ASSIGN(text, ReadFile(path, kMostBytes));
  std::istringstream lines(text);
  std::string line;
  NodeState state;
  for (int number = 1; std::getline(lines, line); ++number) {
    const Status read = number == 1 && line == kTitle ? Status()
                        : number == 1
                            ? Status(Error{Code::kInvalidArgument, "not the state of a node"})
                            : ReadLine(line, state);
    if (!read) {
      return Error{Code::kCorrupt,
                   path + ":" + std::to_string(number) + ": " + read.error().message,
                   "remove the file; the node will join through its seeds"};
    }
  }
  if (state.id == DhtKey{}) {
    return Error{Code::kCorrupt, path + " is cut off",
                 "remove the file; the node will join through its seeds"};
  }
  return state;
}

Status WriteState(const std::string& path, const NodeState& state) {
  std::string text = std::string(kTitle) + "\nid " + Text(state.id) + "\n";
  for (size_t i = 0; i < std::min(state.peers.size(), kMostPeers); ++i) {
    text += "peer " + Text(state.peers[i].id) + " " + state.peers[i].address.ToString() + "\n";
  }
  return ReplaceFile(path, text);
}

}  // namespace commresolve::dht
