// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "engine/names.hpp"
#include "stack/testing/junit.hpp"
#include "stack/testing/test_kinds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

namespace cairn::stack {
namespace {

constexpr int kSkipStatus = 77;

/// A name of the image that only this test uses, taken away with the object.
class TestName {
 public:
  TestName(engine::Engine& engine, const ImageRecord& image)
      : engine_(engine),
        id_(image.engine_id),
        name_(engine::kTestNames + image.image + ":" + unique_container_name()) {
    engine_.tag(id_, name_);
  }
  ~TestName() {
    const LastWord last_word(std::chrono::seconds(5));
    try {
      // Without another name the image itself would go with this one.
      const auto image = engine_.inspect(id_);
      if (image && image->names.size() > 1) engine_.untag(name_);
    } catch (const Error&) {
      // The engine is gone, and a destructor has nobody to tell; the test's own outcome stands.
    }
  }
  TestName(const TestName&) = delete;
  TestName& operator=(const TestName&) = delete;
  const std::string& text() const { return name_; }

 private:
  engine::Engine& engine_;
  std::string id_;
  std::string name_;
};

Command host_command(const TestContext& context, const TestDescription& test,
                     const std::map<std::string, std::string>& values) {
  Command command;
  for (const std::string& word : test.command) {
    command.argv.push_back(expand_placeholders(word, values));
  }
  for (const auto& [name, value] : test.environment) {
    command.environment[name] = expand_placeholders(value, values);
  }
  const std::string& url = context.engine.endpoint().url;
  if (!url.empty()) command.environment.emplace("DOCKER_HOST", url);
  command.directory = expand_placeholders(test.working_dir, values);
  return command;
}

std::size_t count_of(const std::vector<TestResult>& results, TestStatus status) {
  return static_cast<std::size_t>(
      std::count_if(results.begin(), results.end(),
                    [status](const TestResult& result) { return result.status == status; }));
}

/// Judges by the JUnit file. The command's own status has been judged already; single results can
/// only make it worse.
void judge_results(const std::filesystem::path& junit, TestOutcome& outcome) {
  if (!std::filesystem::exists(junit)) {
    if (outcome.status == TestStatus::passed) {
      outcome.status = TestStatus::failed;
      outcome.reason = fmt::format("wrote no JUnit file '{}'", junit.string());
    }
    return;
  }
  outcome.results = read_junit(junit);
  const std::size_t bad =
      count_of(outcome.results, TestStatus::failed) + count_of(outcome.results, TestStatus::error);
  if (bad > 0) {
    outcome.status = TestStatus::failed;
    outcome.reason = fmt::format("{} of {} single tests failed", bad, outcome.results.size());
  } else if (outcome.status == TestStatus::passed && outcome.results.empty()) {
    outcome.status = TestStatus::failed;
    outcome.reason = fmt::format("no single test in JUnit file '{}'", junit.string());
  } else if (outcome.status == TestStatus::passed &&
             count_of(outcome.results, TestStatus::skipped) == outcome.results.size()) {
    outcome.status = TestStatus::skipped;
    outcome.reason = fmt::format("all {} single tests were skipped", outcome.results.size());
  }
}

/// A damaged file is the last of what the command said: its log and its own failure stand.
void read_results(const std::filesystem::path& junit, TestOutcome& outcome) {
  try {
    judge_results(junit, outcome);
  } catch (const UserError& error) {
    outcome.log += std::string(error.what()) + "\n";
    if (outcome.status != TestStatus::passed) return;
    outcome.status = TestStatus::error;
    outcome.reason = error.what();
  }
}

}  // namespace

std::string expand_placeholders(const std::string& text,
                                const std::map<std::string, std::string>& values) {
  std::string expanded = text;
  for (const auto& [name, value] : values) {
    const std::string place = "{" + name + "}";
    for (std::size_t at = expanded.find(place); at != std::string::npos;
         at = expanded.find(place, at + value.size())) {
      expanded.replace(at, place.size(), value);
    }
  }
  return expanded;
}

TestOutcome run_host_test(const TestContext& context, const TestDescription& test) {
  const TestName name(context.engine, context.image);
  std::map<std::string, std::string> values{{"ref", name.text()},
                                            {"image", context.image.image},
                                            {"variant", context.image.variant},
                                            {"platform", context.image.platform},
                                            {"junit", context.junit.string()}};
  const std::filesystem::path junit = expand_placeholders(test.junit, values);
  std::error_code ignored;
  if (!junit.empty()) {
    std::filesystem::create_directories(junit.parent_path(), ignored);
    // An older run's file must not speak for this one.
    std::filesystem::remove(junit, ignored);
  }
  RunOptions options;
  options.time_limit = std::chrono::seconds(test.time_limit);
  const ProcessResult result = run_process(host_command(context, test, values), options);
  TestOutcome outcome;
  outcome.log = result.out;
  if (!outcome.log.empty() && outcome.log.back() != '\n' && !result.err.empty())
    outcome.log += '\n';
  outcome.log += result.err;
  const int expected = test.expect_exit.value_or(0);
  if (result.timed_out) {
    outcome.reason = fmt::format("not ended within {}", format_seconds(test.time_limit));
  } else if (result.exit_status == kSkipStatus && expected != kSkipStatus) {
    outcome.status = TestStatus::skipped;
    outcome.reason = last_lines(trim(outcome.log), 1);
  } else if (result.exit_status != expected) {
    outcome.reason = fmt::format("expected exit status {}, got {}", expected, result.exit_status);
  } else {
    outcome.reason = unmet_expectation(test, result.out, result.err);
  }
  if (outcome.status == TestStatus::passed && !outcome.reason.empty()) {
    outcome.status = TestStatus::failed;
  }
  if (!junit.empty() && outcome.status != TestStatus::skipped) read_results(junit, outcome);
  return outcome;
}

}  // namespace cairn::stack
