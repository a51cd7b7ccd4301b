// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"
#include "stack/model/test_description.hpp"
#include "stack/model/test_record.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace cairn::stack {

/// What a test is carried out with.
struct TestContext {
  engine::Engine& engine;
  const ImageRecord& image;
  const ImageFolder& folder;
  std::filesystem::path junit;  ///< where `{junit}` points
};

/// How a test ended, and what it said.
struct TestOutcome {
  TestStatus status = TestStatus::passed;
  std::string reason;
  std::vector<TestResult> results;
  std::string log;

  static TestOutcome failed(std::string why) {
    return {TestStatus::failed, std::move(why), {}, {}};
  }
};

/// A fresh container per test, to its end: its exit status and output. Also for scripts, whose
/// text goes to the interpreter's stdin: that works with engines on other machines and in images
/// without a shell, where a mount or a copy does not.
TestOutcome run_command_test(const TestContext& context, const TestDescription& test);
/// A detached container: waits for its health or port, asks once, stops it.
TestOutcome run_service_test(const TestContext& context, const TestDescription& test);
/// A command on this machine, about a name that only this test uses.
TestOutcome run_host_test(const TestContext& context, const TestDescription& test);
/// A container-structure-test file.
TestOutcome run_structure_test(const TestContext& context, const TestDescription& test);

/// Any of them, by kind. Never throws but for Interrupted: what keeps a test from being carried
/// out becomes the status `error`.
TestOutcome run_test(const TestContext& context, const TestDescription& test);

/// What of `test`'s expectations the output does not meet, in one line; empty when it meets all.
std::string unmet_expectation(const TestDescription& test, const std::string& out,
                              const std::string& err);

/// The request for a container of `test`, with a name of its own.
engine::RunRequest container_request(const TestContext& context, const TestDescription& test);

/// A name that no other container of this machine has: `cairn-test-<16 hex>`.
std::string unique_container_name();

/// `text` with `{ref}`-like placeholders replaced; other braces are the users own and stay.
std::string expand_placeholders(const std::string& text,
                                const std::map<std::string, std::string>& values);

}  // namespace cairn::stack
