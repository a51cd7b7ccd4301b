// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "fake_stack.hpp"
#include "release_family.hpp"
#include "stack/release/evidence.hpp"
#include "stack/release/merge.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::stack {

/// A family `base` <- `web` for two platforms, with all records, and what a release makes of it.
class ReleaseTest : public ::testing::Test {
 protected:
  ReleaseTest() {
    family.images = {{"base"}, {"web", "base"}};
    family.write();
  }

  ReleaseDescription description() const { return ReleaseDescription::read(family.release_file()); }
  Evidence gathered(const GateOptions& options = {}) const {
    return gather(description(), options);
  }
  /// Every problem as `<what>\n  <hint>\n`, with the family's folder as `@`.
  std::string problems(const GateOptions& options = {}) const {
    std::string text;
    for (const Problem& problem : gathered(options).problems)
      text += problem.what + "\n" + (problem.hint.empty() ? "" : "  " + problem.hint + "\n");
    return hidden(text);
  }
  std::string hidden(std::string text) const {
    const std::string path = family.root().string();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
      text.replace(at, path.size(), "@");
    return text;
  }
  std::string thrown(const std::function<void()>& work) const {
    return hidden(testing::thrown_by(work));
  }
  std::vector<MergedImage> merged() const { return merge(description(), gathered()); }

  static void change(const std::filesystem::path& file, const Json& more) {
    testing::ReleaseFamily::change(file, more);
  }

  testing::ReleaseFamily family;
  const oci::Platform amd64 = oci::Platform::parse("linux/amd64");
  const oci::Platform arm64 = oci::Platform::parse("linux/arm64");
};

}  // namespace cairn::stack
