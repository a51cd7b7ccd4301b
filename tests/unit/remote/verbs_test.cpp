// SPDX-License-Identifier: BSD-3-Clause
#include "remote/verbs.hpp"

#include "base/text.hpp"
#include "commands/verb.hpp"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

#include <algorithm>

namespace cairn::remote {
namespace {

TEST(RemoteVerbs, AreThoseThatTheToolStartsThisProgramFor) {
  std::vector<std::string> told, own;
  for (const commands::Verb& verb : commands::verbs()) {
    if (!verb.add_options) told.push_back(verb.name + ": " + verb.summary);
  }
  for (const commands::Verb& verb : verbs())
    own.push_back(verb.name + ": " + verb.summary);
  std::sort(told.begin(), told.end());
  EXPECT_EQ(told, own) << "the names in order, the summaries the same";
}

TEST(RemoteVerbs, UnderstandTheirExamples) {
  for (const commands::Verb& verb : verbs()) {
    const commands::Context context;
    CLI::App app;
    const auto run = verb.add_options(app, context);
    std::vector<std::string> words = shell_split(verb.example);
    ASSERT_GT(words.size(), 2U);
    EXPECT_EQ(words[1], verb.name);
    words.erase(words.begin(), words.begin() + 2);
    std::reverse(words.begin(), words.end());  // as CLI11 wants them
    EXPECT_NO_THROW(app.parse(words)) << verb.example;
  }
}

}  // namespace
}  // namespace cairn::remote
