// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/layout.hpp"
#include "stack/scan/context.hpp"

#include <string>
#include <vector>

namespace cairn::stack {

/// What one test reads, as it is now.
struct InputsOfTest {
  std::string key;                   ///< 64 hex; kUnknownInputs when one cannot be read
  std::vector<WatchedPath> watched;  ///< absolute paths; trust is for the caller to say
};

/// Hashes a test's inputs, script and structure file, folders with all below them. A path that is
/// not there is keyed as absent.
InputsOfTest read_test_inputs(const std::vector<std::string>& paths, const KnownDigest& known);

/// The hashed INPUTS of an image's tests: what tests.key holds.
struct TestInputs {
  bool needed = false;               ///< the image has tests, so the graph wants the file
  std::string text;                  ///< content of tests.key
  std::vector<WatchedPath> watched;  ///< absolute paths; trust is for the caller to say

  /// Reads test.json of `folder` and hashes what each of its tests reads.
  static TestInputs read(const ImageFolder& folder, const KnownDigest& known);
};

}  // namespace cairn::stack
