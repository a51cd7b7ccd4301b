// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/test_keys.hpp"

#include "stack/model/test_record.hpp"

#include <optional>

namespace cairn::stack {

TestKeys::TestKeys(StackView& view, const ImageView& image)
    : folder_(image.folder), store_(view.stack().store) {
  if (!std::filesystem::exists(folder_.test_description())) return;
  tests_ = TestsDescription::read(folder_.test_description()).tests;
  inputs_ = read_tests_key(folder_.tests_key());
  run_flags_ = view.engine_of(image).endpoint().run_flags;
}

std::string TestKeys::key_of(const TestDescription& test, const std::string& config_digest) const {
  const auto inputs = inputs_.find(test.name);
  return make_test_key(test, config_digest,
                       inputs == inputs_.end() ? std::nullopt : std::optional(inputs->second),
                       run_flags_);
}

bool TestKeys::has_passed(const TestDescription& test, const std::string& config_digest) const {
  return find_passing_record(folder_.test_record(test.name), store_, key_of(test, config_digest))
      .has_value();
}

}  // namespace cairn::stack
