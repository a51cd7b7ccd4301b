// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/test_record.hpp"

#include "base/file.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/test-record/1";

// Raise it whenever a passed test of an older Cairn must not be trusted.
constexpr std::string_view kKeyFormat = "cairn-test-key 1";

constexpr std::array<std::pair<std::string_view, TestStatus>, 4> kStatuses{
    {{"passed", TestStatus::passed},
     {"failed", TestStatus::failed},
     {"skipped", TestStatus::skipped},
     {"error", TestStatus::error}}};

TestStatus parse_status(const std::string& text) {
  for (const auto& [name, status] : kStatuses) {
    if (text == name) return status;
  }
  return TestStatus::error;
}

TestRecord parse_record(const Json& object) {
  require_schema(object, kSchema, "test record");
  TestRecord record;
  record.target = string_or(object, "target", "");
  record.test = string_or(object, "test", "");
  record.kind = string_or(object, "kind", "");
  record.status = parse_status(string_or(object, "status", ""));
  record.config_digest = string_or(object, "config_digest", "");
  record.test_key = string_or(object, "test_key", "");
  record.seconds = object.value("seconds", 0.0);
  record.reason = string_or(object, "reason", "");
  for (const Json& item : object.value("results", Json::array())) {
    record.results.push_back({string_or(item, "name", ""),
                              parse_status(string_or(item, "status", "")),
                              item.value("seconds", 0.0), string_or(item, "message", "")});
  }
  return record;
}

}  // namespace

std::string to_string(TestStatus status) {
  const auto* found = std::find_if(kStatuses.begin(), kStatuses.end(),
                                   [status](const auto& entry) { return entry.second == status; });
  return std::string(found->first);
}

std::optional<TestRecord> TestRecord::read_if_present(const std::filesystem::path& path) {
  const auto text = read_file_if_present(path);
  if (!text) return std::nullopt;
  try {
    return parse_record(Json::parse(*text));
  } catch (const std::exception&) {
    return std::nullopt;  // damaged: the test runs again
  }
}

std::string TestRecord::to_text() const {
  Json object = {{"schema", kSchema},
                 {"target", target},
                 {"test", test},
                 {"kind", kind},
                 {"status", to_string(status)},
                 {"config_digest", config_digest},
                 {"test_key", test_key},
                 {"seconds", seconds},
                 {"reason", reason},
                 {"results", Json::array()}};
  for (const TestResult& result : results) {
    object["results"].push_back({{"name", result.name},
                                 {"status", to_string(result.status)},
                                 {"seconds", result.seconds},
                                 {"message", result.message}});
  }
  return pretty_json(object);
}

std::filesystem::path stored_test_record(const std::filesystem::path& store,
                                         const std::string& test_key) {
  return store / "tests" / (test_key + ".json");
}

std::optional<TestRecord> find_passing_record(const std::filesystem::path& here,
                                              const std::filesystem::path& store,
                                              const std::string& test_key) {
  if (test_key.empty()) return std::nullopt;
  for (const auto& path : {here, stored_test_record(store, test_key)}) {
    auto record = TestRecord::read_if_present(path);
    if (record && record->status == TestStatus::passed && record->test_key == test_key)
      return record;
  }
  return std::nullopt;
}

std::string make_test_key(const TestDescription& test, const std::string& config_digest,
                          const std::optional<std::string>& inputs_key,
                          const std::vector<std::string>& engine_run_flags) {
  if (!test.inputs.empty() && !inputs_key) return {};
  Sha256 hash;
  hash.update_field(kKeyFormat);
  hash.update_field(config_digest);
  hash.update_field(test.declaration);
  for (const std::string& file : {test.script, test.file}) {
    hash.update_field(file.empty() ? std::string() : read_file_if_present(file).value_or(""));
  }
  hash.update_field(inputs_key.value_or(""));
  for (const std::string& flag : engine_run_flags)
    hash.update_field(flag);
  return to_hex(hash.finish());
}

}  // namespace cairn::stack
