// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// MayHold: whether it pays to cut a text into words. Most texts hold none of the words that a query
// asks for, and many have to be looked at.

#ifndef COMMRESOLVE_INDEX_SEARCH_MAY_HOLD_H_
#define COMMRESOLVE_INDEX_SEARCH_MAY_HOLD_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/keyword/fold.h"

namespace commresolve::index {

/// A bit for each letter and digit of `text`, and one for all other bytes.
uint64_t LettersOf(std::string_view text);

/// A word that is looked for. Borrows it.
struct SoughtWord {
  std::string_view text;
  uint64_t letters = 0;
};
std::vector<SoughtWord> SoughtWords(std::span<const std::string> words);

/// Of a host name. Borrows it. Used by one thread at a time.
class MayHold {
 public:
  explicit MayHold(std::string_view host);
  [[nodiscard]] bool has_a_label() const { return has_a_label_; }
  /// False only if no word of the host is `word`, nor part of one, joined or not.
  [[nodiscard]] bool operator()(const SoughtWord& word) const;

 private:
  /// What the A-labels say, if they decode.
  struct Decoded {
    explicit Decoded(std::string_view host);
    void Add(std::string_view label);

    std::string ascii = {};  ///< Without what parts words.
    size_t others = 0;       ///< Characters that are not in there.
    size_t marked = 0;       ///< Those of them that may be ASCII but for their marks.
  };

  const std::string_view host_;
  const uint64_t letters_;
  const bool has_a_label_;
  mutable std::optional<Decoded> decoded_;  // Once it is needed.
};

/// The same of any other text.
class MayHoldLoosely {
 public:
  explicit MayHoldLoosely(std::string_view text);
  [[nodiscard]] bool operator()(const SoughtWord& word) const;

 private:
  std::array<char, kMaxKeywordBytes> letters_{};  // No word of a text that fits is cut.
  size_t count_ = 0;
  bool known_ = false;
};

}  // namespace commresolve::index

#endif  // COMMRESOLVE_INDEX_SEARCH_MAY_HOLD_H_
