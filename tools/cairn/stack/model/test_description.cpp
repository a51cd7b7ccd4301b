// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/test_description.hpp"

#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/text.hpp"
#include "stack/model/document.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <utility>

namespace cairn::stack {
namespace {

constexpr std::array<std::pair<std::string_view, TestKind>, 5> kKinds{
    {{"command", TestKind::command},
     {"service", TestKind::service},
     {"host", TestKind::host},
     {"script", TestKind::script},
     {"structure", TestKind::structure}}};

TestKind parse_kind(const std::string& text, const std::string& test, const std::string& where) {
  for (const auto& [name, kind] : kKinds) {
    if (text == name) return kind;
  }
  throw UserError(fmt::format("{}: test '{}' has the unknown kind '{}'", where, test, text),
                  "the kinds are command, service, host, script, structure");
}

std::optional<int> optional_int(const Json& object, const std::string& key,
                                const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null()) return std::nullopt;
  if (found->is_number_integer()) return found->get<int>();
  throw UserError(fmt::format("{}: expected a number at '{}'", where, key));
}

std::string read_junit(const Json& object) {
  const auto found = object.find("junit");
  if (found == object.end() || found->is_null()) return {};
  if (found->is_boolean()) return found->get<bool>() ? "{junit}" : "";
  return string_or(object, "junit", "");
}

void require_parts(const TestDescription& test, const std::string& where) {
  const auto need = [&](bool given, const char* what) {
    if (!given) {
      throw UserError(fmt::format("{}: test '{}' of kind '{}' needs '{}'", where, test.name,
                                  to_string(test.kind), what));
    }
  };
  if (test.kind == TestKind::host) need(!test.command.empty(), "command");
  if (test.kind == TestKind::script) need(!test.script.empty(), "script");
  if (test.kind == TestKind::structure) need(!test.file.empty(), "file");
  if (test.kind == TestKind::service) {
    need(test.wait_healthy > 0 || test.wait_port > 0 || !test.http_get.empty(),
         "wait_healthy', 'wait_port' or 'http_get");
  }
  if (!test.http_get.empty() || test.wait_port > 0) need(test.port > 0, "port");
}

void read_container(const Json& object, const std::string& where, TestDescription& test) {
  test.command = strings_or_empty(object, "command");
  if (object.contains("entrypoint") && !object.at("entrypoint").is_null()) {
    test.entrypoint = strings_or_empty(object, "entrypoint");
  }
  test.environment = string_map_or_empty(object, "environment");
  test.user = string_or(object, "user", "");
  test.working_dir = string_or(object, "working_dir", "");
  test.network = string_or(object, "network", "");
  test.tty = bool_or(object, "tty", false);
  test.run_flags = strings_or_empty(object, "run_flags");
  test.expect_exit = optional_int(object, "expect_exit", where);
  test.expect_stdout = string_or(object, "expect_stdout", "");
  test.expect_stderr = string_or(object, "expect_stderr", "");
  test.reject_stdout = string_or(object, "reject_stdout", "");
  test.reject_stderr = string_or(object, "reject_stderr", "");
  test.no_warnings = bool_or(object, "no_warnings", false);
}

TestDescription read_test(const Json& object, const std::string& where) {
  TestDescription test;
  test.name = require_string(object, "name", where);
  if (test.name.empty() || test.name.find('/') != std::string::npos) {
    throw UserError(fmt::format("{}: invalid test name '{}'", where, test.name),
                    "a test's name is also the name of its record: no '/'");
  }
  test.kind = parse_kind(require_string(object, "kind", where), test.name, where);
  test.from = string_or(object, "from", "");
  test.time_limit = int_or(object, "time_limit", 300);
  test.report = bool_or(object, "report", false);
  read_container(object, where, test);
  test.wait_healthy = int_or(object, "wait_healthy", 0);
  test.wait_port = int_or(object, "wait_port", 0);
  test.port = int_or(object, "port", 0);
  test.http_get = string_or(object, "http_get", "");
  test.expect_status = int_or(object, "expect_status", 200);
  test.expect_body = string_or(object, "expect_body", "");
  test.junit = read_junit(object);
  test.script = string_or(object, "script", "");
  test.interpreter = strings_or_empty(object, "interpreter");
  test.file = string_or(object, "file", "");
  test.inputs = strings_or_empty(object, "inputs");
  test.declaration = canonical_json(object);
  require_parts(test, where);
  return test;
}

TestsDescription parse(const Json& object, const std::string& where) {
  TestsDescription description;
  description.target = require_string(object, "target", where);
  description.slots = int_or(object, "slots", 0);
  for (const Json& item : object.value("tests", Json::array())) {
    description.tests.push_back(read_test(item, where));
  }
  return description;
}

}  // namespace

std::string to_string(TestKind kind) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(),
                                   [kind](const auto& entry) { return entry.second == kind; });
  return std::string(found->first);
}

TestsDescription TestsDescription::read(const std::filesystem::path& path) {
  return read_document(path, "cairn/test-description/1", WrittenBy::cmake, parse);
}

std::vector<std::string> paths_of_test(std::vector<std::string> inputs, const std::string& script,
                                       const std::string& file) {
  for (const std::string& path : {script, file}) {
    if (!path.empty()) inputs.push_back(path);
  }
  return inputs;
}

std::map<std::string, std::string> read_tests_key(const std::filesystem::path& path) {
  std::map<std::string, std::string> keys;
  const auto text = read_file_if_present(path);
  if (!text) return keys;
  for (const std::string& line : split_lines(*text)) {
    const std::size_t blank = line.find(' ');
    // A test's own name may hold blanks; the key never does. The first line is the header.
    if (blank != 64 || line.compare(0, blank, kUnknownInputs) == 0) continue;
    keys[line.substr(blank + 1)] = line.substr(0, blank);
  }
  return keys;
}

void note_tests_key(const std::filesystem::path& path, const std::filesystem::path& scan_lock,
                    const std::string& test, const std::string& key) {
  const FileLock lock(scan_lock, test, nullptr);
  const auto text = read_file_if_present(path);
  if (!text) return;
  std::string noted;
  for (const std::string& line : split_lines(*text)) {
    const bool is_ours = line.find(' ') == 64 && line.substr(65) == test;
    noted += (is_ours ? key + " " + test : line) + "\n";
  }
  write_file_if_changed(path, noted);
}

}  // namespace cairn::stack
