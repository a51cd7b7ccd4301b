// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "fake_stack.hpp"
#include "stack/build/builder.hpp"
#include "stack/scan/scan.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::stack {

/// A stack whose images are scanned and built with a fake engine, as `cairn build` would.
class BuildFixture : public ::testing::Test {
 protected:
  /// Scans, then builds `target`; the engine makes images with layers `layers`.
  BuildReport build(const std::string& target, const std::vector<std::string>& layers,
                    const BuildOptions& options = {}) {
    world().builds_to = testing::config_of(layers);
    scan_stack(stack.stack_file(), stack.open, now);
    return build_only(target, options);
  }
  BuildReport build_only(const std::string& target, const BuildOptions& options = {}) {
    const auto say = [this](const std::string& line) { said.push_back(line); };
    return build_image(folder(target), options, {stack.open, say});
  }
  /// What a scan and a build of `target` throw.
  std::string failure(const std::string& target, const std::vector<std::string>& layers) {
    return testing::thrown_by([&] { build(target, layers); });
  }

  ImageFolder folder(const std::string& target) const { return {stack.folder(target)}; }
  ImageRecord record(const std::string& target) const {
    return ImageRecord::read(folder(target).image_record());
  }
  testing::FakeWorld& world() const { return *stack.world; }

  testing::FakeStack stack;
  std::vector<std::string> said;
  std::int64_t now = 1795528800;  ///< 2026-11-24T14:00:00Z
};

}  // namespace cairn::stack
