// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/key_file.hpp"

#include "fake_stack.hpp"

#include <gtest/gtest.h>

namespace cairn::stack {
namespace {

using cairn::testing::thrown_by;

const std::string kInput(64, 'a');
const std::string kSource(64, 'b');

std::string refusal(const std::string& text) {
  return thrown_by([&] { KeyFile::parse(text, "x/key"); });
}

TEST(KeyFileText, IsOneThingALine) {
  KeyFile key;
  key.input = kInput;
  key.source = kSource;
  key.absent = 2;
  const std::string text = "cairn-key 1\ninput " + kInput + "\nsource " + kSource + "\nabsent 2\n";
  EXPECT_EQ(key.to_text(), text);
  const KeyFile read = KeyFile::parse(text, "x/key");
  EXPECT_EQ(read.input, kInput);
  EXPECT_EQ(read.source, kSource);
  EXPECT_EQ(read.absent, 2);
  EXPECT_EQ(read.error, "");
}

TEST(KeyFileText, HandsTheRefreshPeriodOver) {
  KeyFile key;
  key.input = kInput;
  key.source = kSource;
  key.period = "2026-W48";
  const std::string text =
      "cairn-key 1\ninput " + kInput + "\nsource " + kSource + "\nperiod 2026-W48\nabsent 0\n";
  EXPECT_EQ(key.to_text(), text);
  EXPECT_EQ(KeyFile::parse(text, "x/key").period, "2026-W48");
}

TEST(KeyFileText, HandsOverWhatWasKeyed) {
  KeyFile key;
  key.input = kInput;
  key.source = kSource;
  key.taken = std::string(64, 'c');
  const std::string text = "cairn-key 1\ninput " + kInput + "\nsource " + kSource + "\ntaken " +
                           key.taken + "\nabsent 0\n";
  EXPECT_EQ(key.to_text(), text);
  EXPECT_EQ(KeyFile::parse(text, "x/key").taken, key.taken);
}

TEST(KeyFileText, RefusesWhatIsNoKeyFile) {
  const std::string first = "x/key: expected the line 'cairn-key 1'";
  EXPECT_EQ(refusal(""), first);
  EXPECT_EQ(refusal("cairn-key 2\n"), first);
  const std::string keys = "x/key: expected an input and a source key of 64 hex digits";
  EXPECT_EQ(refusal("cairn-key 1\n"), keys);
  EXPECT_EQ(refusal("cairn-key 1\ninput " + kInput + "\n"), keys);
  EXPECT_EQ(refusal("cairn-key 1\ninput ab\nsource " + kSource + "\n"), keys);
  EXPECT_EQ(refusal("cairn-key 1\nabsent 1\n"), keys);
}

TEST(KeyFileText, ADamagedErrorIsShownAsItIs) {
  EXPECT_EQ(KeyFile::parse("cairn-key 1\nerror {\"message\n", "k").error, "{\"message");
  EXPECT_EQ(KeyFile::parse("cairn-key 1\nerror {\"message\": 1}\n", "k").error, "{\"message\": 1}");
  EXPECT_EQ(KeyFile::parse("cairn-key 1\nerror {\"hint\": \"x\"}\n", "k").hint, "");
}

TEST(KeyFileText, AMissingFileIsNone) {
  EXPECT_FALSE(KeyFile::read_if_present("/nowhere/key"));
}

}  // namespace
}  // namespace cairn::stack
