// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Folding by ICU, with a path of its own for ASCII that gives the same words.

#include "resolver/keyword/fold.h"

#include <unicode/brkiter.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>

namespace commresolve {
namespace {

constexpr std::string_view kSeparators = "-_./@:,;";
constexpr char16_t kCurlyApostrophe = u'\u2019';
/// Thai, the first script that ICU cuts with a dictionary, begins here.
constexpr UChar32 kFirstDictionaryScript = 0x0E00;

/// For each byte: 0 if no word holds it, else its lower case. The apostrophe depends on both sides.
constexpr std::array<char, 256> kAsciiWord = [] {
  std::array<char, 256> table{};
  for (char c = '0'; c <= '9'; ++c) table[static_cast<uint8_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    table[static_cast<uint8_t>(c)] = c;
    table[static_cast<uint8_t>(c - 'a' + 'A')] = c;
  }
  return table;
}();

char AsciiWord(char c) { return kAsciiWord[static_cast<uint8_t>(c)]; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

/// The beginning of `text` in at most `limit` bytes, not ending inside a character.
std::string_view CutUtf8(std::string_view text, size_t limit) {
  if (text.size() <= limit) return text;
  size_t end = limit;
  while (end > 0 && limit - end < 3 && (text[end] & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

[[noreturn]] void DieWithoutIcu(UErrorCode status) {
  static_cast<void>(
      std::fprintf(stderr, "commresolve: ICU does not work: %s\n", u_errorName(status)));
  std::abort();
}

/// The words found so far, within the limit for all of them.
class WordList {
 public:
  void Add(std::string word) {
    const size_t bytes = bytes_ + word.size() + (words_.empty() ? 0 : 1);
    if (bytes > kMaxFoldInput) return;
    bytes_ = bytes;
    words_.push_back(std::move(word));
  }
  [[nodiscard]] std::vector<std::string> Take() { return std::move(words_); }

 private:
  std::vector<std::string> words_;
  size_t bytes_ = 0;
};

/// True if the apostrophe at `at` stands between two letters or between two digits (UAX #29 WB6,
/// WB7, WB11, WB12).
bool JoinsAscii(std::string_view text, size_t at) {
  if (text[at] != '\'' || at + 1 == text.size()) return false;
  const char before = text[at - 1];
  const char after = text[at + 1];
  return AsciiWord(before) != 0 && AsciiWord(after) != 0 && IsDigit(before) == IsDigit(after);
}

std::vector<std::string> AsciiWords(std::string_view text) {
  WordList words;
  size_t at = 0;
  while (at < text.size()) {
    if (AsciiWord(text[at]) == 0) {
      ++at;
      continue;
    }
    std::string word;
    for (; at < text.size(); ++at) {
      const char c = AsciiWord(text[at]);
      if (c == 0 && !JoinsAscii(text, at)) break;
      if (word.size() < kMaxKeywordBytes) word.push_back(c == 0 ? '\'' : c);
    }
    if (word.back() == '\'') word.pop_back();
    words.Add(std::move(word));
  }
  return words.Take();
}

bool HasLetterOrDigit(const icu::UnicodeString& text) {
  constexpr uint32_t kWanted = U_GC_L_MASK | U_GC_ND_MASK;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    if ((U_GET_GC_MASK(text.char32At(i)) & kWanted) != 0) return true;
  }
  return false;
}

bool MayNeedDictionary(const icu::UnicodeString& text) {
  for (int32_t i = 0; i < text.length(); ++i) {
    if (text.charAt(i) >= kFirstDictionaryScript) return true;
  }
  return false;
}

/// ICU's word iterator. Making one reads its rules and dictionaries, so each thread keeps its own.
class WordBreaker {
 public:
  static WordBreaker& OfThisThread() {
    thread_local WordBreaker breaker;
    return breaker;
  }

  /// The segments of `text` that hold a letter or a digit.
  std::vector<icu::UnicodeString> Cut(const icu::UnicodeString& text) {
    text_ = text;  // The iterator points into it until the next call.
    iterator_->setText(text_);
    std::vector<icu::UnicodeString> segments;
    int32_t begin = iterator_->first();
    for (int32_t end = iterator_->next(); end != icu::BreakIterator::DONE;
         end = iterator_->next()) {
      icu::UnicodeString segment(text_, begin, end - begin);
      if (HasLetterOrDigit(segment)) segments.push_back(std::move(segment));
      begin = end;
    }
    return segments;
  }

 private:
  WordBreaker() {
    UErrorCode status = U_ZERO_ERROR;
    iterator_.reset(icu::BreakIterator::createWordInstance(icu::Locale::getRoot(), status));
    if (U_FAILURE(status)) DieWithoutIcu(status);
  }

  icu::UnicodeString text_;
  std::unique_ptr<icu::BreakIterator> iterator_;
};

/// Adds `word`, or the words that it falls into when it stands alone: a dictionary may cut a word
/// differently without its neighbours, and a cut word may end in punctuation.
void AddSettled(const icu::UnicodeString& word, WordList& words) {
  std::string text;
  word.toUTF8String(text);
  if (text.size() <= kMaxKeywordBytes && !MayNeedDictionary(word)) {
    words.Add(std::move(text));
    return;
  }
  const std::string kept(CutUtf8(text, kMaxKeywordBytes));
  const icu::UnicodeString alone = icu::UnicodeString::fromUTF8(kept);
  const std::vector<icu::UnicodeString> pieces = WordBreaker::OfThisThread().Cut(alone);
  if (pieces.size() == 1 && pieces[0] == alone) {
    words.Add(kept);
    return;
  }
  for (const icu::UnicodeString& piece : pieces) AddSettled(piece, words);
}

icu::UnicodeString FoldUnicode(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCCasefoldInstance(status);
  if (U_FAILURE(status)) DieWithoutIcu(status);
  icu::UnicodeString folded =
      nfkc->normalize(icu::UnicodeString::fromUTF8(std::string(text)), status);
  if (U_FAILURE(status)) DieWithoutIcu(status);
  return folded;
}

std::vector<std::string> UnicodeWords(std::string_view text) {
  icu::UnicodeString folded = FoldUnicode(text);
  for (int32_t i = 0; i < folded.length(); ++i) {
    const char16_t c = folded.charAt(i);
    if (c < 0x80 && kSeparators.find(static_cast<char>(c)) != std::string_view::npos) {
      folded.setCharAt(i, u' ');
    } else if (c == kCurlyApostrophe) {
      folded.setCharAt(i, u'\'');
    }
  }
  WordList words;
  for (const icu::UnicodeString& segment : WordBreaker::OfThisThread().Cut(folded)) {
    AddSettled(segment, words);
  }
  return words.Take();
}

Error TooManyWords() {
  return {Code::kInvalidArgument, "more than " + std::to_string(kMaxTypedWords) + " words",
          "use fewer words; two or three usually name one service"};
}

}  // namespace

std::string FoldCase(std::string_view text) {
  text = CutUtf8(text, kMaxFoldInput);
  std::string folded;
  if (!IsAscii(text)) {
    FoldUnicode(text).toUTF8String(folded);
    return folded;
  }
  folded.assign(text);
  for (char& c : folded) {
    if (AsciiWord(c) != 0) c = AsciiWord(c);
  }
  return folded;
}

std::string ValidUtf8(std::string_view text) {
  std::string given(text);
  if (IsAscii(given)) return given;
  std::string valid;
  icu::UnicodeString::fromUTF8(given).toUTF8String(valid);
  return valid;
}

std::vector<std::string> FoldWords(std::string_view text) {
  text = CutUtf8(text, kMaxFoldInput);
  return IsAscii(text) ? AsciiWords(text) : UnicodeWords(text);
}

Result<KeywordSet> KeywordSet::FromText(std::string_view text) {
  return FromWords(FoldWords(text));
}

Result<KeywordSet> KeywordSet::FromWords(std::vector<std::string> words) {
  if (words.empty()) {
    return Error{Code::kInvalidArgument, "no word is left", "type at least one letter or digit"};
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  if (words.size() > kMaxTypedWords) return TooManyWords();
  for (const std::string& word : words) {
    if (FoldWords(word) != std::vector<std::string>{word}) {
      return Error{Code::kInvalidArgument, "'" + word.substr(0, 100) + "' is not a folded word"};
    }
  }
  return KeywordSet(std::move(words));
}

std::string KeywordSet::ToString() const {
  std::string text;
  for (const std::string& word : words_) {
    if (!text.empty()) text += ' ';
    text += word;
  }
  return text;
}

}  // namespace commresolve
