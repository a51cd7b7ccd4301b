// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/model/test_record.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace cairn::stack {

/// The cases of a JUnit XML file (`testsuites`, `testsuite`, `testcase`; nested suites too), in
/// order, and suites that failed while none of their cases did. What did not run is skipped, never
/// passed. Throws UserError `<path>:<line>: invalid JUnit XML: <what>`.
std::vector<TestResult> read_junit(const std::filesystem::path& path);

}  // namespace cairn::stack
