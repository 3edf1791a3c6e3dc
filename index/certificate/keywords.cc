// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// ExtractKeywords: every field's words in the order in which the cap spares them.

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "index/certificate/certificate.h"
#include "resolver/keyword/fold.h"
#include "resolver/keyword/host_name.h"

namespace commresolve::index {
namespace {

/// Distinct words in order of arrival; the best class, and the field it stood in, wins.
class Words {
 public:
  void Add(std::string word, Field field, EvidenceClass evidence) {
    const auto [at, added] = position_.emplace(word, keywords_.size());
    if (added) {
      keywords_.push_back({std::move(word), field, evidence});
      return;
    }
    Keyword& known = keywords_[at->second];
    if (evidence < known.evidence) {
      known.evidence = evidence;
      known.field = field;
    }
  }

  void AddText(std::string_view text, Field field, EvidenceClass evidence) {
    for (std::string& word : FoldWords(text)) Add(std::move(word), field, evidence);
  }

  std::vector<Keyword> Take() { return std::move(keywords_); }

 private:
  std::vector<Keyword> keywords_;
  std::unordered_map<std::string, size_t> position_;
};

/// The text of `name` for word cutting: labels decoded if it is a host name.
std::string Decoded(std::string_view name) {
  const Result<std::string> host = NormaliseHostName(name);
  return host.ok() ? DisplayHostName(*host) : std::string(name);
}

class Extractor {
 public:
  Extractor(const ParsedCertificate& certificate, bool public_chain)
      : certificate_(certificate), public_chain_(public_chain) {
    const std::unordered_set<std::string_view> hosts(certificate.facts.names.begin(),
                                                     certificate.facts.names.end());
    for (const FieldText& field : certificate.fields) {
      if (field.field != Field::kDnsName) continue;
      if (hosts.contains(field.text)) {
        hosts_.push_back(SplitHostName(field.text));
      } else {
        other_dns_names_.push_back(field.text);
      }
    }
  }

  std::vector<Keyword> Run() {
    RegistrableLabels();
    Texts(Field::kOrganization, Class(EvidenceClass::kOrganization));
    OtherLabels();
    for (const std::string& name : other_dns_names_) words_.AddText(name, Field::kDnsName, kPlain);
    MaybeHosts(Field::kCommonName);
    Addresses();
    Emails();
    Uris();
    Texts(Field::kCountry, kPlain);
    for (const HostParts& host : hosts_) {
      words_.AddText(DisplayHostName(host.suffix), Field::kDnsName, kPlain);
    }
    for (const Field field : {Field::kUnit, Field::kLocality, Field::kState}) {
      Texts(field, kPlain);
    }
    MaybeHosts(Field::kIssuer);
    return words_.Take();
  }

 private:
  static constexpr EvidenceClass kPlain = EvidenceClass::kSelfAsserted;

  [[nodiscard]] EvidenceClass Class(EvidenceClass if_validated) const {
    return public_chain_ ? if_validated : kPlain;
  }

  /// A name without a registrable domain is nobody's: no authority can validate "localhost".
  [[nodiscard]] EvidenceClass Class(const HostParts& host, EvidenceClass if_validated) const {
    return host.suffix.empty() ? kPlain : Class(if_validated);
  }

  void RegistrableLabels() {
    for (const HostParts& host : hosts_) {
      std::string label = FoldCase(host.registrable_label);
      // A longer one cannot be typed whole, and its beginning is another label.
      if (label.empty() || label.size() > kMaxKeywordBytes) continue;
      words_.Add(std::move(label), Field::kDnsName, Class(host, EvidenceClass::kRegistrableLabel));
    }
  }

  void OtherLabels() {
    for (const HostParts& host : hosts_) {
      const EvidenceClass evidence = Class(host, EvidenceClass::kSubLabel);
      words_.AddText(host.registrable_label, Field::kDnsName, evidence);
      for (const std::string& label : host.sub) words_.AddText(label, Field::kDnsName, evidence);
    }
  }

  template <class Function>
  void Each(Field wanted, Function function) {
    for (const FieldText& field : certificate_.fields) {
      if (field.field == wanted) function(std::string_view(field.text));
    }
  }

  void Texts(Field field, EvidenceClass evidence) {
    Each(field, [&](std::string_view text) { words_.AddText(text, field, evidence); });
  }

  void MaybeHosts(Field field) {
    Each(field, [&](std::string_view text) { words_.AddText(Decoded(text), field, kPlain); });
  }

  void Addresses() {
    Each(Field::kIpAddress,
         [&](std::string_view text) { words_.Add(std::string(text), Field::kIpAddress, kPlain); });
  }

  void Emails() {
    Each(Field::kEmail, [&](std::string_view text) {
      const size_t at = text.rfind('@');
      if (at == std::string_view::npos) return words_.AddText(text, Field::kEmail, kPlain);
      words_.AddText(text.substr(0, at), Field::kEmail, kPlain);
      words_.AddText(Decoded(text.substr(at + 1)), Field::kEmail, kPlain);
    });
  }

  /// Host and path; the scheme, user, port, query and fragment are nobody's keywords.
  void Uris() {
    Each(Field::kUri, [&](std::string_view uri) {
      uri = uri.substr(0, uri.find_first_of("?#"));
      const size_t colon = uri.find(':');
      if (colon != std::string_view::npos) uri.remove_prefix(colon + 1);
      if (uri.starts_with("//")) {
        uri.remove_prefix(2);
        std::string_view host = uri.substr(0, uri.find('/'));
        uri.remove_prefix(host.size());
        if (const size_t at = host.rfind('@'); at != std::string_view::npos) {
          host.remove_prefix(at + 1);
        }
        words_.AddText(Decoded(host.substr(0, host.find(':'))), Field::kUri, kPlain);
      }
      words_.AddText(uri, Field::kUri, kPlain);
    });
  }

  const ParsedCertificate& certificate_;
  bool public_chain_;
  std::vector<HostParts> hosts_;
  std::vector<std::string> other_dns_names_;
  Words words_;
};

}  // namespace

std::vector<Keyword> ExtractKeywords(const ParsedCertificate& certificate, bool public_chain,
                                     std::vector<std::string>* cuts) {
  std::vector<Keyword> keywords = Extractor(certificate, public_chain).Run();
  if (keywords.size() > kMaxKeywords) {
    if (cuts != nullptr) {
      cuts->push_back(std::to_string(kMaxKeywords) + " of " + std::to_string(keywords.size()) +
                      " keywords");
    }
    keywords.resize(kMaxKeywords);
  }
  return keywords;
}

}  // namespace commresolve::index
