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

TestResult read_case(const pugi::xml_node& node) {
  TestResult result;
  const std::string group = node.attribute("classname").as_string();
  const std::string name = node.attribute("name").as_string();
  result.name = group.empty() ? name : group + "." + name;
  result.seconds = node.attribute("time").as_double();
  const std::pair<const char*, TestStatus> outcomes[] = {{"error", TestStatus::error},
                                                         {"failure", TestStatus::failed},
                                                         {"skipped", TestStatus::skipped}};
  for (const auto& [child, status] : outcomes) {
    const pugi::xml_node found = node.child(child);
    if (!found) continue;
    result.status = status;
    result.message = message_of(found);
    break;
  }
  return result;
}

void collect(const pugi::xml_node& parent, std::vector<TestResult>& results) {
  for (const pugi::xml_node& node : parent.children()) {
    const std::string_view name = node.name();
    if (name == "testcase") results.push_back(read_case(node));
    if (name == "testsuite" || name == "testsuites") collect(node, results);
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
