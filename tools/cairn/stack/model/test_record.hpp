// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/test_description.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// `error`: it could not be carried out, so nothing is known of the image.
enum class TestStatus { passed, failed, skipped, error };

std::string to_string(TestStatus status);

/// A single result inside a test (a case of its JUnit file, a check of its structure file).
struct TestResult {
  std::string name;
  TestStatus status = TestStatus::passed;
  double seconds = 0;
  std::string message;
};

/// How one test ended: tests/<name>.json (schema cairn/test-record/1).
struct TestRecord {
  std::string target, test, kind;
  TestStatus status = TestStatus::error;
  std::string config_digest;
  std::string test_key;  ///< 64 hex digits; empty: it answers for nothing later
  double seconds = 0;
  std::string reason;  ///< of a status other than passed, in one line
  std::vector<TestResult> results;

  /// The record, when there is one that can be read.
  static std::optional<TestRecord> read_if_present(const std::filesystem::path& path);
  std::string to_text() const;
};

/// The record at `here` or in `<store>/tests/` that says that a test of this key has passed; an
/// empty key answers for nothing.
std::optional<TestRecord> find_passing_record(const std::filesystem::path& here,
                                              const std::filesystem::path& store,
                                              const std::string& test_key);

/// Where the store keeps the passing record of a test of this key.
std::filesystem::path stored_test_record(const std::filesystem::path& store,
                                         const std::string& test_key);

/// The key of one test in one image (exactness rule 23): its config digest, declaration, script
/// bytes, declared inputs and how its containers are run. Empty when `inputs_key` is missing for a
/// test that declares inputs: then nothing is known, and it is run.
std::string make_test_key(const TestDescription& test, const std::string& config_digest,
                          const std::optional<std::string>& inputs_key,
                          const std::vector<std::string>& engine_run_flags);

}  // namespace cairn::stack
