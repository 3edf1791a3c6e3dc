// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// FTS5 with a tokenizer that cuts at line ends.

#include "tests/bench/fts5.h"

#include <sqlite3.h>

#include <cstring>
#include <filesystem>

#include "tests/bench/bench.h"

namespace commresolve::bench {
namespace {

extern "C" {

int CreateTokenizer(void* /*context*/, const char** /*arguments*/, int /*count*/,
                    Fts5Tokenizer** tokenizer) {
  // It has no state, but SQLite wants something that is not null.
  static int nothing = 0;
  *tokenizer = reinterpret_cast<Fts5Tokenizer*>(&nothing);
  return SQLITE_OK;
}

void DeleteTokenizer(Fts5Tokenizer* /*tokenizer*/) {}

int Tokenize(Fts5Tokenizer* /*tokenizer*/, void* context, int /*flags*/, const char* text, int size,
             int (*take)(void*, int, const char*, int, int, int)) {
  for (int begin = 0; begin < size;) {
    const void* found = std::memchr(text + begin, '\n', static_cast<size_t>(size - begin));
    const int end =
        found != nullptr ? static_cast<int>(static_cast<const char*>(found) - text) : size;
    if (end > begin) {
      const int status = take(context, 0, text + begin, end - begin, begin, end);
      if (status != SQLITE_OK) return status;
    }
    begin = end + 1;
  }
  return SQLITE_OK;
}

}  // extern "C"

struct StatementDeleter {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementDeleter>;

struct DatabaseDeleter {
  void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, DatabaseDeleter>;

void Check(int status, sqlite3* database) {
  if (status == SQLITE_OK || status == SQLITE_DONE || status == SQLITE_ROW) return;
  Fail({Code::kInternal, std::string("SQLite: ") + sqlite3_errmsg(database)});
}

Statement Prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* statement = nullptr;
  Check(sqlite3_prepare_v2(database, sql, -1, &statement, nullptr), database);
  return Statement(statement);
}

void Execute(sqlite3* database, const char* sql) {
  Check(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), database);
}

void AddTokenizer(sqlite3* database) {
  fts5_api* api = nullptr;
  const Statement statement = Prepare(database, "SELECT fts5(?1)");
  Check(sqlite3_bind_pointer(statement.get(), 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr),
        database);
  Check(sqlite3_step(statement.get()), database);
  if (api == nullptr) Fail({Code::kInternal, "this SQLite has no FTS5"});
  fts5_tokenizer tokenizer{CreateTokenizer, DeleteTokenizer, Tokenize};
  Check(api->xCreateTokenizer(api, "lines", nullptr, &tokenizer, nullptr), database);
}

}  // namespace

struct Fts5::Impl {
  std::string path;
  Database database;
  Statement insert;
  Statement search;
};

Fts5::Fts5(const std::string& path) : impl_(std::make_unique<Impl>()) {
  impl_->path = path;
  sqlite3* opened = nullptr;
  const int status = sqlite3_open(path.c_str(), &opened);
  impl_->database.reset(opened);
  Check(status, opened);
  AddTokenizer(opened);
  Execute(opened, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-262144");
  Execute(opened,
          "CREATE VIRTUAL TABLE listings USING fts5(terms, content='', detail=column, "
          "tokenize='lines')");
  impl_->insert = Prepare(opened, "INSERT INTO listings(rowid, terms) VALUES(?1, ?2)");
  impl_->search =
      Prepare(opened, "SELECT rowid FROM listings WHERE listings MATCH ?1 ORDER BY rank LIMIT ?2");
  Execute(opened, "BEGIN");
}

Fts5::~Fts5() = default;

void Fts5::Add(uint32_t document, const std::string& terms) {
  sqlite3_stmt* insert = impl_->insert.get();
  Check(sqlite3_bind_int64(insert, 1, document), impl_->database.get());
  Check(sqlite3_bind_text(insert, 2, terms.data(), static_cast<int>(terms.size()), SQLITE_STATIC),
        impl_->database.get());
  Check(sqlite3_step(insert), impl_->database.get());
  Check(sqlite3_reset(insert), impl_->database.get());
}

void Fts5::Finish() {
  Execute(impl_->database.get(), "INSERT INTO listings(listings) VALUES('optimize')");
  Execute(impl_->database.get(), "COMMIT");
}

size_t Fts5::bytes() const { return std::filesystem::file_size(impl_->path); }

std::vector<uint32_t> Fts5::Search(const std::vector<std::string>& terms, int limit) {
  std::string match;
  for (const std::string& term : terms) match.append(" \"").append(term).append("\"");
  sqlite3_stmt* search = impl_->search.get();
  Check(sqlite3_bind_text(search, 1, match.data(), static_cast<int>(match.size()), SQLITE_STATIC),
        impl_->database.get());
  Check(sqlite3_bind_int(search, 2, limit), impl_->database.get());
  std::vector<uint32_t> found;
  while (sqlite3_step(search) == SQLITE_ROW) {
    found.push_back(static_cast<uint32_t>(sqlite3_column_int64(search, 0)));
  }
  Check(sqlite3_reset(search), impl_->database.get());
  return found;
}

}  // namespace commresolve::bench
