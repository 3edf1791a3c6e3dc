// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Known items: queries made from synthetic certificates, each with what it has to find.

#ifndef COMMRESOLVE_TESTS_BENCH_KNOWN_ITEMS_H_
#define COMMRESOLVE_TESTS_BENCH_KNOWN_ITEMS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "tests/bench/generator.h"
#include "tests/bench/random.h"

namespace commresolve::bench {

enum class QueryClass : uint8_t {
  kName,        ///< "green valley"
  kNameSuffix,  ///< "green valley com"
  kGlued,       ///< "greenvalley"
  kDomain,      ///< "green-valley.com"
  kSubName,     ///< "shop green valley"
  kHost,        ///< "shop.green-valley.com"
  kTypo,        ///< "gren valley": one slip in one word
  kTypoGlued,   ///< "grenvalley"
  kPrefix,      ///< "greenva*": seven tenths of the name
  kCity,        ///< "green valley hamburg", of a certificate with subject O and L
  kPerson,      ///< "anna ashbridge"
  kForeign,     ///< "müller bäckerei", and every second one without its marks or glued
  kConfusable,  ///< "green valley", whose words others have as label, unit or place
};
inline constexpr size_t kQueryClasses = 13;
std::string_view QueryClassName(QueryClass query_class);

struct KnownItem {
  std::string query;
  /// Which sites answer the query equally well: all of an organisation (its number), of a domain,
  /// with a host name, or of a person.
  std::string answer;
};

/// The first `count` certificates as what people look for. Borrows the generator.
class KnownItems {
 public:
  KnownItems(const Generator& generator, uint64_t count);

  /// `wanted` distinct items of one class, fewer if there are not so many.
  [[nodiscard]] std::vector<KnownItem> Make(QueryClass query_class, size_t wanted) const;

  /// What `identity` is an answer to (KnownItem::answer). A device is no site of its maker. Shared
  /// hosting is a site of a customer only if nothing of the customer's own has its domain as a
  /// name.
  [[nodiscard]] std::vector<std::string> AnswersOf(const Identity& identity,
                                                   QueryClass query_class) const;

 private:
  [[nodiscard]] std::optional<KnownItem> ItemOf(const Identity& identity, QueryClass query_class,
                                                Random& random) const;
  [[nodiscard]] std::optional<KnownItem> ConfusableItem(const Identity& identity) const;

  const World& world_;
  const uint64_t count_;
  std::unordered_set<std::string> own_;  // Domains that their owners have a valid certificate for.
};

}  // namespace commresolve::bench

#endif  // COMMRESOLVE_TESTS_BENCH_KNOWN_ITEMS_H_
