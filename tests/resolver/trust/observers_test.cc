// SPDX-FileCopyrightText: The commresolve authors
// SPDX-License-Identifier: GPL-3.0-or-later

#include "resolver/trust/observers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "resolver/base/files.h"

namespace commresolve {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

ObserverId Id(uint8_t first) {
  ObserverId id;
  id.bytes[0] = first;
  return id;
}

std::string Line(uint8_t first, const std::string& rest) {
  return ObserverText(Id(first)) + " " + rest + "\n";
}

TEST(Observers, KeepsCommentsAndOrder) {
  const std::string text =
      "# mine\n\n" + Line(2, "40 bob") + "  # more\n" + Line(1, "120\tal-ice_1.x") + Line(3, "1");
  const auto observers = Observers::Parse(text, "observers");
  ASSERT_TRUE(observers.ok()) << observers.error().message;
  EXPECT_EQ(observers->ToText(), text);
  EXPECT_THAT(observers->list(),
              ElementsAre(NamedObserver{Id(2), 40, "bob"}, NamedObserver{Id(1), 120, "al-ice_1.x"},
                          NamedObserver{Id(3), 1, ""}));
  EXPECT_EQ(observers->chosen()[1].trust, 120);
}

TEST(Observers, NamesLineAndFieldOfWhatIsWrong) {
  const auto problem = [](const std::string& text) {
    const auto observers = Observers::Parse("# one\n" + text, "file");
    EXPECT_FALSE(observers.ok()) << text;
    if (observers.ok()) return std::string();
    EXPECT_EQ(observers.error().code, Code::kCorrupt);
    EXPECT_THAT(observers.error().message, StartsWith("file line ")) << text;
    return observers.error().message;
  };
  EXPECT_THAT(problem("nonsense 40\n"), HasSubstr("line 2: key"));
  EXPECT_THAT(problem(Hex(Id(1).view()) + " 40\n"), HasSubstr("key"));
  for (const char* trust : {"", "0", "121", "-1", "+1", "4x", "99999999999"}) {
    EXPECT_THAT(problem(Line(1, trust)), HasSubstr("trust")) << trust;
  }
  EXPECT_THAT(problem(Line(1, "40 b\xc3\xb6rn")), HasSubstr("name"));
  EXPECT_THAT(problem(Line(1, "40 " + std::string(65, 'a'))), HasSubstr("name"));
  EXPECT_THAT(problem(Line(1, "40 " + ObserverText(Id(9)))), HasSubstr("could be a key"));
  EXPECT_THAT(problem(Line(1, "40 bob ben")), HasSubstr("more than"));
  EXPECT_THAT(problem(Line(1, "40") + Line(1, "41")), HasSubstr("line 3: the same key"));
  EXPECT_THAT(problem(Line(1, "40 bob") + Line(2, "40 bob")), HasSubstr("line 3: the same name"));
}

TEST(Observers, BoundsTheirNumberAndSize) {
  std::string text;
  for (size_t i = 0; i <= kMaxObservers; ++i) {
    ObserverId id = Id(static_cast<uint8_t>(i >> 8));
    id.bytes[1] = static_cast<uint8_t>(i);
    text += ObserverText(id) + " 40\n";
    if (i + 1 == kMaxObservers) {
      auto full = Observers::Parse(text, "file");
      ASSERT_TRUE(full.ok());
      EXPECT_EQ(full->Put({Id(255), 40, ""}).error().code, Code::kInvalidArgument);
      EXPECT_TRUE(full->Put({Id(0), 41, ""}).ok());
    }
  }
  EXPECT_FALSE(Observers::Parse(text, "file").ok());
  EXPECT_FALSE(Observers::Parse(std::string(kMaxObserversBytes + 1, '#'), "file").ok());
}

TEST(Observers, AddsChangesAndRemoves) {
  Observers observers;
  ASSERT_TRUE(observers.Put({Id(1), 40, "alice"}).ok());
  EXPECT_THAT(observers.ToText(), StartsWith("# commresolve observers 1\n"));
  ASSERT_TRUE(observers.Put({Id(2), 120, ""}).ok());
  ASSERT_TRUE(observers.Put({Id(1), 60, "al"}).ok());
  EXPECT_THAT(observers.list(),
              ElementsAre(NamedObserver{Id(1), 60, "al"}, NamedObserver{Id(2), 120, ""}));
  EXPECT_EQ(observers.Put({Id(2), 120, "al"}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(observers.Put({Id(3), 0, ""}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(observers.Put({Id(3), 40, "a b"}).error().code, Code::kInvalidArgument);
  EXPECT_EQ(observers.list().size(), 2U);
  EXPECT_EQ(observers.Find("al")->id, Id(1));
  EXPECT_EQ(observers.Find(ObserverText(Id(2)))->trust, 120);
  EXPECT_EQ(observers.Find(Hex(Id(2).view()))->trust, 120);
  EXPECT_FALSE(observers.Find(""));
  EXPECT_FALSE(observers.Find("alice"));
  EXPECT_TRUE(observers.Remove(Id(1)));
  EXPECT_FALSE(observers.Remove(Id(1)));
  const auto again = Observers::Parse(observers.ToText(), "file");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->list(), observers.list());
}

TEST(Observers, OnDiskNobodyElseMayHaveWrittenThem) {
  std::string folder = (std::filesystem::temp_directory_path() / "observers-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/new/observers";
  ASSERT_TRUE(LoadObservers(path).ok());
  EXPECT_THAT(LoadObservers(path)->list(), IsEmpty());
  const auto add = [](Observers& observers) { return observers.Put({Id(1), 40, "alice"}); };
  ASSERT_TRUE(EditObservers(path, add).ok());
  EXPECT_EQ(LoadObservers(path)->list().size(), 1U);
  struct stat info{};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600U);
  EXPECT_EQ(EditObservers(path, [](Observers&) { return Error{Code::kBusy, "no"}; }).error().code,
            Code::kBusy);
  std::ofstream(path, std::ios::app) << "broken\n";
  EXPECT_EQ(EditObservers(path, add).error().code, Code::kCorrupt);
  ASSERT_EQ(::chmod(path.c_str(), 0666), 0);
  EXPECT_EQ(LoadObservers(path).error().code, Code::kUntrusted);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace commresolve
