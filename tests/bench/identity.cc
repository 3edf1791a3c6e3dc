// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The names of each kind of identity.

#include "tests/bench/identity.h"

#include <array>
#include <string_view>

namespace commresolve::bench {
namespace {

constexpr uint64_t kMaxCustomers = 49;  // Of one hosting certificate; with two names each.

template <class List>
const auto& Any(const List& list, Random& random) {
  return list[random.Below(list.size())];
}

Kind AnyKind(Random& random) {
  const uint64_t share = random.Below(1'000);
  if (share < 500) return Kind::kSite;
  if (share < 580) return Kind::kPanel;
  if (share < 720) return Kind::kWildcard;
  if (share < 755) return Kind::kHosting;
  if (share < 890) return Kind::kOrganization;
  return share < 965 ? Kind::kDevice : Kind::kPerson;
}

void Panel(Identity* identity) {
  constexpr std::array<std::string_view, 8> kLabels = {
      "www", "mail", "webmail", "cpanel", "webdisk", "autodiscover", "cpcalendars", "cpcontacts"};
  identity->hosts.push_back(identity->domain);
  for (const std::string_view label : kLabels) {
    identity->hosts.push_back(std::string(label) + "." + identity->domain);
  }
}

std::string HexText(uint64_t number, int digits) {
  std::string text;
  for (int i = 0; i < digits; ++i, number >>= 4) text += "0123456789abcdef"[number & 15];
  return text;
}

void Device(Random& random, Identity* identity) {
  std::string name(Any(DeviceNames(), random));
  name.append("-").append(HexText(random.Next(), 6));
  identity->domain.clear();
  identity->common_name = name + ".local";
  const uint64_t shape = random.Below(3);
  if (shape == 0) return;
  identity->hosts = {identity->common_name};
  if (shape == 2) {
    identity->ip = {static_cast<char>(192), static_cast<char>(168)};
    identity->ip += random.Bytes(2);
  }
}

}  // namespace

/// An organisation's first identity stands under its own domain; of the later ones some stand under
/// a domain more.
void World::ChooseDomain(Random& random, Identity* identity) const {
  const Organization& owner = identity->organization;
  identity->domain = owner.Domain();
  if (identity->number == owner.number) return;
  const uint64_t shape = random.Below(100);
  if (shape < 20) {
    identity->domain = owner.label + "." + std::string(Any(SuffixesOf(owner.language), random));
  } else if (shape < 30) {
    identity->domain =
        owner.label + "-" + std::string(Any(TradeWords(), random)) + "." + owner.suffix;
  }
}

/// Sometimes the name of an organisation that has nothing to do with this one.
std::string World::SubLabel(Random& random, Identity* identity) const {
  const uint64_t shape = random.Below(100);
  if (shape < 8) {
    if (const auto other = Other(identity->number, random)) {
      identity->confusable = other;
      return OrganizationOf(*other).label;
    }
  }
  std::string label(ServiceLabels()[random.Skewed(ServiceLabels().size())]);
  if (shape < 25) label += std::to_string(1 + random.Below(40));
  if (shape >= 90) label = Any(CommonWords(), random);
  return label;
}

void World::Site(Random& random, Identity* identity) const {
  const bool main = identity->number == identity->organization.number ||
                    identity->domain != identity->organization.Domain();
  const uint64_t shape = random.Below(100);
  if (main && shape < 80) {
    identity->hosts = {identity->domain};
    if (shape < 65) identity->hosts.push_back("www." + identity->domain);
    return;
  }
  const std::string host = SubLabel(random, identity) + "." + identity->domain;
  identity->hosts = {host};
  if (shape % 5 == 0) identity->hosts.push_back("www." + host);
}

void World::Hosting(Random& random, Identity* identity) const {
  identity->hosts = {"ssl" + std::to_string(random.Below(9'000)) + "." + identity->domain};
  const uint64_t customers = 2 + random.Below(kMaxCustomers - 1);
  for (uint64_t i = 0; i < customers; ++i) {
    const auto other = Other(identity->number, random);
    if (!other) return;
    const std::string domain = OrganizationOf(*other).Domain();
    identity->customers.push_back(*other);
    identity->hosts.push_back(domain);
    if (random.Chance(700)) identity->hosts.push_back("www." + domain);
  }
}

void World::Organized(Random& random, Identity* identity) const {
  identity->hosts = {identity->domain, "www." + identity->domain};
  const uint64_t more = random.Below(5);
  for (uint64_t i = 0; i < more; ++i) {
    identity->hosts.push_back(SubLabel(random, identity) + "." + identity->domain);
  }
  identity->city = identity->organization.city;
  const uint64_t shape = random.Below(100);
  if (shape < 40) {
    identity->unit = Any(UnitNames(), random);
  } else if (shape < 52) {
    const auto other = Other(identity->number, random);
    if (!other) return;
    identity->confusable = other;
    const Organization organization = OrganizationOf(*other);
    for (const std::string& word : organization.words) {
      std::string& text = shape < 46 ? identity->unit : identity->place;
      if (!text.empty()) text += ' ';
      text += Capitalised(word);
    }
  }
}

void World::PersonOrServer(Random& random, Identity* identity) const {
  const uint64_t shape = random.Below(10);
  const std::string& domain = identity->domain;
  if (shape >= 7) {
    const bool chat = shape < 9;
    const std::string host = (chat ? "xmpp." : "sip.") + domain;
    identity->hosts = {domain, host};
    identity->uris = {(chat ? "xmpp:" : "sip:") + domain};
    return;
  }
  const std::string given(Any(GivenNames(), random));
  const std::string family = PlaceWord(random);
  identity->person = given + " " + family;
  identity->common_name = Capitalised(given) + " " + Capitalised(family);
  identity->mails = {given + "." + family + "@" + domain};
  if (shape == 0) identity->uris = {"xmpp:" + given + "@" + domain};
  if (shape == 1) identity->uris = {"sip:" + given + "." + family + "@" + domain};
}

Identity World::IdentityOf(uint64_t number) const {
  Random random(seed_, static_cast<uint64_t>(Purpose::kIdentity), number);
  Identity identity;
  identity.number = number;
  identity.kind = AnyKind(random);
  identity.organization = OrganizationOf(OwnerOf(number));
  ChooseDomain(random, &identity);
  switch (identity.kind) {
    case Kind::kSite:
      Site(random, &identity);
      break;
    case Kind::kPanel:
      Panel(&identity);
      break;
    case Kind::kWildcard:
      identity.hosts = {"*." + identity.domain, identity.domain};
      break;
    case Kind::kHosting:
      Hosting(random, &identity);
      break;
    case Kind::kOrganization:
      Organized(random, &identity);
      break;
    case Kind::kDevice:
      Device(random, &identity);
      break;
    case Kind::kPerson:
      PersonOrServer(random, &identity);
      break;
  }
  if (identity.common_name.empty()) identity.common_name = identity.hosts.front();
  return identity;
}

}  // namespace commresolve::bench
