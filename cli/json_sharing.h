// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// JSON of what is shared with peers, as json.h.

#ifndef COMMRESOLVE_CLI_JSON_SHARING_H_
#define COMMRESOLVE_CLI_JSON_SHARING_H_

#include <string>

#include "dht/record/delegation.h"
#include "grpc/sharing/sharing.h"
#include "resolver/trust/observers.h"

namespace commresolve::cli {

// Each returns one line without the newline. All are pure.
std::string SharingStatusJson(const daemon::SharingStatus& status);
std::string PublishReportJson(const daemon::PublishReport& report);
std::string AnnouncementJson(const daemon::Announcement& announcement);
std::string PublishingKeyJson(const std::string& publishing_key);
std::string DelegationJson(const dht::Delegation& delegation, const std::string& file);
std::string RolloverJson(const daemon::RolloverStatement& rollover);
std::string LookupRowJson(const daemon::LookupRow& row);
std::string LookupSummaryJson(const daemon::LookupSummary& summary);
std::string ObserverJson(const NamedObserver& observer);

}  // namespace commresolve::cli

#endif  // COMMRESOLVE_CLI_JSON_SHARING_H_
