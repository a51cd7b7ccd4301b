// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/changes.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using Texts = std::vector<std::string>;

ShownPart part(const std::string& kind, const std::string& name, const std::string& digest,
               std::optional<std::string> value = std::nullopt) {
  return {{kind, name, digest}, std::move(value)};
}

Texts texts(const std::vector<ShownPart>& then, const std::vector<ShownPart>& now) {
  Texts all;
  for (const PartChange& change : part_changes(then, now))
    all.push_back(describe(change));
  return all;
}

TEST(PartChanges, AreNoneBetweenEqualKeys) {
  const std::vector<ShownPart> parts{part("file", "a", "file 0644 1"), part("secret", "pip", "")};
  EXPECT_EQ(texts(parts, parts), Texts());
}

TEST(PartChanges, NameFilesByWhatBecameOfThem) {
  EXPECT_EQ(texts({part("file", "edited", "file 0644 1"), part("file", "gone", "file 0644 1"),
                   part("file", "mode", "file 0644 1"), part("file", "now-link", "file 0644 1"),
                   part("file", "way", "folder 0755")},
                  {part("file", "edited", "file 0644 2"), part("file", "mode", "file 0755 1"),
                   part("file", "new", "file 0644 1"), part("file", "now-link", "link 1"),
                   part("file", "way", "folder 0700")}),
            (Texts{"file edited changed", "file gone is gone", "file mode: mode only, 0644 -> 0755",
                   "file new is new", "now-link was a file, is a link",
                   "file way: mode only, 0755 -> 0700"}));
}

TEST(PartChanges, ShowValuesOnlyWhereTheyMayBeShown) {
  EXPECT_EQ(texts({part("argument", "A", "1", "x"), part("argument", "TOKEN", "1"),
                   part("option", "network", "1", "")},
                  {part("argument", "A", "2", ""), part("argument", "B", "1", "y"),
                   part("argument", "TOKEN", "2"), part("option", "network", "2", "host")}),
            (Texts{"option network: '' -> host", "argument A: x -> ''", "argument B = y is new",
                   "argument TOKEN changed"}));
}

TEST(PartChanges, NameWhatTheRecipeSays) {
  EXPECT_EQ(texts({part("stage", "", "1"), part("stage", "0", "1"), part("stage", "builder", "1")},
                  {part("stage", "", "2"), part("stage", "0", "2"), part("stage", "builder", "2")}),
            (Texts{"Dockerfile: an ARG before the first FROM, or escape, changed",
                   "Dockerfile: stage 0 changed", "Dockerfile: stage 'builder' changed"}));
}

TEST(PartChanges, SayAnotherReferenceOnce) {
  EXPECT_EQ(texts({part("use", "0", "external debian:12"), part("base", "debian:12", "abc")},
                  {part("use", "0", "external debian:13"), part("base", "debian:13", "absent")}),
            (Texts{"image reference 0: external debian:12 -> external debian:13"}));
}

TEST(PartChanges, SayWhatBecameOfABase) {
  EXPECT_EQ(texts({part("base", "debian:12", "abc")}, {part("base", "debian:12", "absent")}),
            (Texts{"base debian:12 is not in the engine: a build pulls it"}));
  EXPECT_EQ(texts({part("base", "debian:12", "abc")}, {part("base", "debian:12", "def")}),
            (Texts{"base debian:12 is another image now: abc -> def"}));
}

TEST(PartChanges, PutTheCauseOfMuchFirst) {
  EXPECT_EQ(texts({part("format", "cairn-input-1", ""), part("file", "a", "file 0644 1"),
                   part("period", "weekly", "2026-W47")},
                  {part("format", "cairn-input-3", ""), part("file", "a", "file 0644 2"),
                   part("period", "weekly", "2026-W48")}),
            (Texts{"this Cairn forms keys otherwise: cairn-input-3",
                   "REFRESH weekly: 2026-W47 -> 2026-W48", "file a changed"}));
}

}  // namespace
}  // namespace cairn::stack
