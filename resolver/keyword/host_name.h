// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DNS names as they stand in certificates: well-formed or not, IDN to Unicode and back (IDNA2008 by
// libidn2), and the split at the registrable label (public suffix list by libpsl).

#ifndef COMMRESOLVE_RESOLVER_KEYWORD_HOST_NAME_H_
#define COMMRESOLVE_RESOLVER_KEYWORD_HOST_NAME_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resolver/base/result.h"

namespace commresolve {

/// The normal form: lower-case A-labels, no dot at the end. A leading "*." is kept (RFC 9525 6.3).
/// kInvalidArgument unless 1 to 253 bytes of LDH or '_' labels of 1 to 63 bytes; an IP address, or
/// any name that ends in a number like one, is not a host name. U-labels are converted (TR46,
/// non-transitional); A-labels that do not decode are kept.
Result<std::string> NormaliseHostName(std::string_view text);

/// `host` (normal form) for people: U-labels where they decode, else as it is.
std::string DisplayHostName(std::string_view host);

/// What DisplayHostName() shows of the A-label `label`, unless it shows that as it is: whether the
/// U-label would come back the same, most of the work, was not tried. Empty if it does not decode,
/// or is no A-label.
std::string DecodeALabel(std::string_view label);

/// A host name cut by the public suffix list. For "bugs.debian.org": sub {"bugs"}, registrable
/// label "debian", suffix "org". A wildcard label is left out of `sub`.
struct HostParts {
  std::vector<std::string> sub;   ///< Labels below the registrable one, left to right, as U-labels.
  std::string registrable_label;  ///< As U-label; empty if the name is itself a public suffix.
  std::string registrable_domain;  ///< "debian.org", A-labels; empty likewise.
  std::string suffix;              ///< "org", "co.uk"; A-labels.
};

/// `host` in normal form. A name without dot ("localhost") that is no public suffix has that label
/// as registrable label and domain, and no suffix. Safe for concurrent use.
HostParts SplitHostName(std::string_view host);

/// True if `host`, in normal form, ends in a suffix of the list's ICANN part, and is not itself
/// one: a name that somebody registered, or could. Safe for concurrent use.
bool HasPublicSuffix(std::string_view host);

/// RFC 9525 6.3: true if `pattern` (a SAN dNSName in normal form) stands for `host`: equal, or one
/// left-most wildcard label for exactly one label of `host`, never for a whole public suffix of the
/// list's ICANN part ("*.co.uk"; "*.github.io" is fine, its owner is one party).
bool MatchesHostName(std::string_view pattern, std::string_view host);

}  // namespace commresolve

#endif  // COMMRESOLVE_RESOLVER_KEYWORD_HOST_NAME_H_
