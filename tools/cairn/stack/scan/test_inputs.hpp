// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/layout.hpp"
#include "stack/scan/context.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// The hashed INPUTS of an image's tests: what tests.key holds.
struct TestInputs {
  bool needed = false;               ///< the image has tests, so the graph wants the file
  std::string text;                  ///< content of tests.key
  std::vector<WatchedPath> watched;  ///< absolute paths; trust is for the caller to say

  /// Reads test.json of `folder` and hashes each test's inputs, scripts and structure files,
  /// folders with all below them. A path that is not there is keyed as absent.
  static TestInputs read(const ImageFolder& folder, const KnownDigest& known);
};

}  // namespace cairn::stack
