// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/test_description.hpp"
#include "stack/report/stack_view.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// The tests of one image and the keys they have now (exactness rule 23): what says whether a test
/// that passed once still answers for the image.
class TestKeys {
 public:
  /// Of no tests where the image has none. Throws UserError for a damaged description.
  TestKeys(StackView& view, const ImageView& image);

  const std::vector<TestDescription>& tests() const { return tests_; }

  /// 64 hex digits for the image of `config_digest`; empty: its inputs were not scanned yet.
  std::string key_of(const TestDescription& test, const std::string& config_digest) const;

  /// Whether a test of this key has passed, here or in a tree with the same store.
  bool has_passed(const TestDescription& test, const std::string& config_digest) const;

 private:
  ImageFolder folder_;
  std::filesystem::path store_;
  std::vector<std::string> run_flags_;
  std::vector<TestDescription> tests_;
  std::map<std::string, std::string> inputs_;  ///< test name -> key of its declared inputs
};

}  // namespace cairn::stack
