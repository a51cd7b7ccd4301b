// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/junit.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <pugixml.hpp>

namespace cairn::stack {
namespace {

std::string message_of(const pugi::xml_node& node) {
  const std::string message = node.attribute("message").as_string();
  return message.empty() ? trim(node.text().as_string()) : message;
}

/// The outcome among the children of `node`; the worst where there are several.
void read_outcome(const pugi::xml_node& node, TestResult& result) {
  const std::pair<const char*, TestStatus> outcomes[] = {{"error", TestStatus::error},
                                                         {"failure", TestStatus::failed},
                                                         {"skipped", TestStatus::skipped}};
  for (const auto& [child, status] : outcomes) {
    const pugi::xml_node found = node.child(child);
    if (!found) continue;
    result.status = status;
    result.message = message_of(found);
    return;
  }
}

/// Some writers say by an attribute alone that a case did not run (GoogleTest for disabled ones).
void read_not_run(const pugi::xml_node& node, TestResult& result) {
  for (const char* name : {"status", "result"}) {
    const std::string value = node.attribute(name).as_string();
    if (value != "notrun" && value != "disabled" && value != "skipped") continue;
    result.status = TestStatus::skipped;
    result.message = value;
    return;
  }
}

TestResult read_case(const pugi::xml_node& node) {
  TestResult result;
  const std::string group = node.attribute("classname").as_string();
  const std::string name = node.attribute("name").as_string();
  result.name = group.empty() ? name : group + "." + name;
  result.seconds = node.attribute("time").as_double();
  read_not_run(node, result);
  read_outcome(node, result);
  return result;
}

bool is_bad(const TestResult& result) {
  return result.status == TestStatus::failed || result.status == TestStatus::error;
}

/// What a suite says of itself: a failure that none of its cases has must not get lost.
void judge_suite(const pugi::xml_node& node, std::size_t first, std::vector<TestResult>& results) {
  TestResult suite;
  suite.name = node.attribute("name").as_string();
  read_outcome(node, suite);
  const int failures = node.attribute("failures").as_int();
  const int errors = node.attribute("errors").as_int();
  const auto begin = results.begin() + static_cast<std::ptrdiff_t>(first);
  if (!is_bad(suite) && failures + errors > 0 && std::none_of(begin, results.end(), is_bad)) {
    suite.status = TestStatus::error;
    suite.message =
        fmt::format("the suite counts {} failures and {} errors, and none of its cases is one",
                    failures, errors);
  }
  if (is_bad(suite)) results.push_back(std::move(suite));
}

void collect(const pugi::xml_node& parent, std::vector<TestResult>& results) {
  for (const pugi::xml_node& node : parent.children()) {
    const std::string_view name = node.name();
    if (name == "testcase") results.push_back(read_case(node));
    if (name == "testsuite" || name == "testsuites") {
      const std::size_t first = results.size();
      collect(node, results);
      judge_suite(node, first, results);
    }
  }
}

}  // namespace

std::vector<TestResult> read_junit(const std::filesystem::path& path) {
  const std::string text = read_file(path);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) {
    const auto end = text.begin() + std::min<std::ptrdiff_t>(
                                        parsed.offset, static_cast<std::ptrdiff_t>(text.size()));
    throw UserError(fmt::format("{}:{}: invalid JUnit XML: {}", path.string(),
                                std::count(text.begin(), end, '\n') + 1,
                                to_lower(parsed.description())));
  }
  std::vector<TestResult> results;
  collect(document, results);
  return results;
}

}  // namespace cairn::stack
