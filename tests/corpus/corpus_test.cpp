// SPDX-License-Identifier: BSD-3-Clause
//
// Every case of the corpus: what Cairn reads in it is what stands beside it, and the properties of
// the fuzzers hold for it.
#include "base/file.hpp"
#include "corpus/describe.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <vector>

namespace cairn::corpus {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> cases_with(const std::string& extension) {
  std::vector<fs::path> cases;
  for (const auto& entry : fs::recursive_directory_iterator(CAIRN_CORPUS)) {
    if (entry.path().extension() == extension) {
      cases.push_back(entry.path());
    }
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

// `heredoc/several-words.Dockerfile` is the case heredoc_several_words.
std::string name_of(const testing::TestParamInfo<fs::path>& info) {
  std::string name =
      info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char byte) { return std::isalnum(byte) == 0; }, '_');
  return name;
}

class Recipe : public testing::TestWithParam<fs::path> {};
TEST_P(Recipe, IsReadAsExpected) {
  EXPECT_EQ(describe(GetParam()), read_file(expected_file(GetParam())));
}
INSTANTIATE_TEST_SUITE_P(dockerfile, Recipe, testing::ValuesIn(cases_with(".Dockerfile")), name_of);

class IgnoreFile : public testing::TestWithParam<fs::path> {};
TEST_P(IgnoreFile, LeavesOutWhatIsExpected) {
  EXPECT_EQ(describe(GetParam()), read_file(expected_file(GetParam())));
}
INSTANTIATE_TEST_SUITE_P(ignore, IgnoreFile, testing::ValuesIn(cases_with(".dockerignore")),
                         name_of);

}  // namespace
}  // namespace cairn::corpus
