// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Plain LMDB calls.

#include "tests/index/ledger/raw_table.h"

#include <gtest/gtest.h>
#include <lmdb.h>

namespace commresolve::index {
namespace {

void WithTable(const std::string& folder, const std::string& table,
               const std::function<void(MDB_txn*, MDB_dbi)>& change) {
  MDB_env* env = nullptr;
  ASSERT_EQ(mdb_env_create(&env), 0);
  mdb_env_set_maxdbs(env, 32);
  ASSERT_EQ(mdb_env_open(env, folder.c_str(), 0, 0600), 0);
  MDB_txn* txn = nullptr;
  ASSERT_EQ(mdb_txn_begin(env, nullptr, 0, &txn), 0);
  MDB_dbi dbi = 0;
  if (mdb_dbi_open(txn, table.c_str(), 0, &dbi) != 0) {
    ASSERT_EQ(mdb_dbi_open(txn, table.c_str(), MDB_CREATE, &dbi), 0);
  }
  change(txn, dbi);
  ASSERT_EQ(mdb_txn_commit(txn), 0);
  mdb_env_close(env);
}

}  // namespace

void WriteRaw(const std::string& folder, const std::string& table, const std::string& key,
              const std::string& value) {
  WithTable(folder, table, [&](MDB_txn* txn, MDB_dbi dbi) {
    MDB_val key_val{key.size(), const_cast<char*>(key.data())};
    MDB_val value_val{value.size(), const_cast<char*>(value.data())};
    EXPECT_EQ(mdb_put(txn, dbi, &key_val, &value_val, 0), 0);
  });
}

void TakeAndGiveBackPages(const std::string& folder) {
  WithTable(folder, "scratch", [&](MDB_txn* txn, MDB_dbi dbi) {
    constexpr int kRows = 400;
    std::string value(1'000, 'x');
    for (int i = 0; i < kRows; ++i) {
      std::string key = std::to_string(i);
      MDB_val key_val{key.size(), key.data()};
      MDB_val value_val{value.size(), value.data()};
      ASSERT_EQ(mdb_put(txn, dbi, &key_val, &value_val, 0), 0);
    }
    for (int i = 0; i < kRows; ++i) {
      std::string key = std::to_string(i);
      MDB_val key_val{key.size(), key.data()};
      ASSERT_EQ(mdb_del(txn, dbi, &key_val, nullptr), 0);
    }
  });
}

bool RemoveFirstRaw(const std::string& folder, const std::string& table) {
  bool removed = false;
  WithTable(folder, table, [&](MDB_txn* txn, MDB_dbi dbi) {
    MDB_cursor* cursor = nullptr;
    ASSERT_EQ(mdb_cursor_open(txn, dbi, &cursor), 0);
    MDB_val key{};
    MDB_val value{};
    if (mdb_cursor_get(cursor, &key, &value, MDB_FIRST) == 0) {
      removed = mdb_cursor_del(cursor, 0) == 0;
    }
    mdb_cursor_close(cursor);
  });
  return removed;
}

}  // namespace commresolve::index
