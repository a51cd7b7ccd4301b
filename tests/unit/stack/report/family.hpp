// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "base/json.hpp"
#include "fake_engine.hpp"
#include "stack/build/builder.hpp"
#include "stack/report/stack_view.hpp"
#include "stack/scan/scan.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace cairn::testing {

namespace fs = std::filesystem;

/// A build tree of three images as CMake would have written it: `base` on debian:12, `app` on
/// `base`, and `tool`, which copies from `base`; with an engine that builds in no time, images
/// that differ when what they are made from does.
class FamilyTest : public ::testing::Test {
 protected:
  void SetUp() override;

  fs::path root() const { return folder_.path(); }
  fs::path stack_file() const { return root() / "cairn/family.stack.json"; }
  fs::path source(const std::string& target) const { return root() / "images" / target; }
  fs::path folder(const std::string& target) const {
    return root() / "cairn/images" / target / "x86_64";
  }

  void recipe(const std::string& target, const std::string& text) {
    write_file(source(target) / "Dockerfile", text);
  }

  void describe(const std::string& target, const std::vector<std::string>& parents,
                const Json& more = Json::object());

  engine::Opener opener() const {
    return
        [world = world_](const engine::Endpoint&) { return std::make_unique<FakeEngine>(world); };
  }

  void build(const std::string& target, const stack::BuildOptions& options = {}) {
    stack::scan_stack(stack_file(), opener());
    stack::build_image(stack::ImageFolder{folder(target)}, options, opener());
  }

  void build_all() {
    for (const char* target : {"base", "app", "tool"})
      build(target);
  }

  /// What `cairn why` prints, without times and digests.
  std::string why(const std::string& target);

  static std::string plain(std::string text);

  /// Puts an image into the engine.
  std::string hold(const std::vector<std::string>& layers, std::vector<std::string> names);

  // One layer on the base's: a hash of all that the build was given.
  std::string make(const engine::BuildRequest& request);

  TempDir folder_{"cairn-family-"};
  std::shared_ptr<FakeWorld> world_ = std::make_shared<FakeWorld>();
  std::string debian_;
  std::string salt_;  ///< another one: the same inputs give another image
};

}  // namespace cairn::testing
