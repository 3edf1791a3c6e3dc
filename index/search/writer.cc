// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The writer, and the checks that reader and writer share.

#include <filesystem>
#include <system_error>

#include "index/search/search_index.h"
#include "index/search/terms.h"
#include "index/search/xapian_guard.h"
#include "resolver/base/files.h"

namespace commresolve::index {
namespace {

class XapianWriter final : public SearchWriter {
 public:
  XapianWriter(std::string path, Xapian::WritableDatabase database)
      : path_(std::move(path)), database_(std::move(database)) {}

  Status Put(const Listing& listing) override {
    if (listing.id == 0) return Error{Code::kInvalidArgument, "a listing has no number"};
    return Write([&]() -> Status {
      Xapian::Document document;
      for (const Term& term : TermsOf(listing)) {
        if (term.weighted) {
          document.add_term(term.text);
        } else {
          document.add_boolean_term(term.text);
        }
      }
      database_.replace_document(listing.id, document);
      return {};
    });
  }

  Status Commit() override {
    return Write([&]() -> Status {
      database_.commit();
      return {};
    });
  }

 private:
  template <class Body>
  Status Write(Body body) {
    try {
      return Guarded(path_, body);
    } catch (const Xapian::DatabaseModifiedError& error) {
      return Damaged(path_, error.get_msg());  // A writer has the newest state by definition.
    }
  }

  const std::string path_;
  Xapian::WritableDatabase database_;
};

Result<std::unique_ptr<SearchWriter>> OpenWriter(const std::string& path) {
  Xapian::WritableDatabase database(path, Xapian::DB_CREATE_OR_OPEN | Xapian::DB_BACKEND_GLASS);
  if (database.get_lastdocid() == 0 && database.get_metadata(kFormatName).empty()) {
    database.set_metadata(kFormatName, kIndexFormat);
    database.commit();
  }
  COMMRESOLVE_TRY(CheckFormat(path, database));
  return std::unique_ptr<SearchWriter>(std::make_unique<XapianWriter>(path, std::move(database)));
}

}  // namespace

Status CheckFiles(const std::string& path) {
  std::error_code error;
  bool any = false;
  std::string missing;
  for (const char* name : {"iamglass", "postlist.glass", "termlist.glass"}) {
    if (std::filesystem::exists(std::filesystem::path(path) / name, error)) {
      any = true;
    } else {
      missing = name;
    }
  }
  if (!any) {
    return Error{Code::kNotFound, path + ": no search index here",
                 "run `commresolve index rebuild`"};
  }
  if (!missing.empty()) return Damaged(path, missing + " is missing");
  return {};
}

Status CheckFormat(const std::string& path, const Xapian::Database& database) {
  const std::string format = database.get_metadata(kFormatName);
  if (format == kIndexFormat) return {};
  return Damaged(path, "its format is '" + format + "', not '" + kIndexFormat + "'");
}

Result<std::unique_ptr<SearchWriter>> SearchWriter::Open(const std::string& path) {
  COMMRESOLVE_TRY(MakePrivateFolder(path));
  const Status files = CheckFiles(path);
  if (!files.ok() && files.error().code == Code::kCorrupt) return files.error();
  try {
    return Guarded(path, [&path] { return OpenWriter(path); });
  } catch (const Xapian::DatabaseModifiedError& error) {
    return Damaged(path, error.get_msg());
  }
}

}  // namespace commresolve::index
