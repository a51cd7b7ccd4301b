// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/pattern.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/testing/test_kinds.hpp"

#include <fmt/core.h>

#include <atomic>
#include <chrono>
#include <unistd.h>

namespace cairn::stack {
namespace {

// What CTest, automake and pytest's wrappers return for "skipped".
constexpr int kSkipStatus = 77;

std::string first_warning(const std::string& text) {
  for (const std::string& line : split_lines(without_ansi(text))) {
    if (line.starts_with("WARNING") || line.starts_with("ERROR")) return line;
  }
  return {};
}

std::string unmet_pattern(const std::string& pattern, bool wanted, const std::string& text,
                          const char* stream) {
  if (pattern.empty() || Pattern(pattern).found_in(text) == wanted) return {};
  return wanted ? fmt::format("{} does not match '{}'", stream, pattern)
                : fmt::format("{} matches '{}', which it must not", stream, pattern);
}

/// The words behind `#!`, or what the file's name says.
std::vector<std::string> find_interpreter(const TestDescription& test, const std::string& script) {
  if (!test.interpreter.empty()) return test.interpreter;
  if (script.starts_with("#!")) return shell_split(split_lines(script).front().substr(2));
  const std::string extension = std::filesystem::path(test.script).extension().string();
  if (extension == ".py") return {"python3", "-"};
  if (extension == ".sh") return {"/bin/sh", "-s"};
  throw UserError(fmt::format("nothing says what runs '{}'", test.script),
                  "add a #! line to it, or INTERPRETER to add_docker_test");
}

std::string log_of(const engine::RunResult& result) {
  std::string log = result.out;
  if (!log.empty() && log.back() != '\n' && !result.err.empty()) log += '\n';
  return log + result.err;
}

}  // namespace

std::string unmet_expectation(const TestDescription& test, const std::string& out,
                              const std::string& err) {
  for (const std::string& problem : {unmet_pattern(test.expect_stdout, true, out, "stdout"),
                                     unmet_pattern(test.expect_stderr, true, err, "stderr"),
                                     unmet_pattern(test.reject_stdout, false, out, "stdout"),
                                     unmet_pattern(test.reject_stderr, false, err, "stderr")}) {
    if (!problem.empty()) return problem;
  }
  if (!test.no_warnings) return {};
  std::string warning = first_warning(out);
  if (warning.empty()) warning = first_warning(err);
  return warning.empty() ? "" : fmt::format("expected no warnings, got '{}'", warning);
}

std::string unique_container_name() {
  static std::atomic<unsigned> counter{0};
  const auto now = std::chrono::steady_clock::now().time_since_epoch().count();
  return "cairn-test-" +
         sha256_hex(fmt::format("{} {} {} {}", ::getpid(), unix_now(), now, ++counter))
             .substr(0, 16);
}

engine::RunRequest container_request(const TestContext& context, const TestDescription& test) {
  engine::RunRequest request;
  request.image = context.image.engine_id;
  request.platform = context.image.platform;
  request.name = unique_container_name();
  request.entrypoint = test.entrypoint;
  request.command = test.command;
  request.environment = test.environment;
  request.user = test.user;
  request.working_dir = test.working_dir;
  request.network = test.network;
  request.flags = test.run_flags;
  request.tty = test.tty;
  request.time_limit = std::chrono::seconds(test.time_limit);
  return request;
}

TestOutcome run_command_test(const TestContext& context, const TestDescription& test) {
  engine::RunRequest request = container_request(context, test);
  const bool is_script = test.kind == TestKind::script;
  if (is_script) {
    request.input = read_file(test.script);
    request.command = find_interpreter(test, request.input);
  }
  const engine::RunResult result = context.engine.run(request);
  TestOutcome outcome;
  outcome.log = log_of(result);
  const int expected = test.expect_exit.value_or(0);
  if (result.timed_out) {
    outcome.reason = fmt::format("not ended within {}", format_seconds(test.time_limit));
  } else if (is_script && expected != kSkipStatus && result.exit_status == kSkipStatus) {
    outcome.status = TestStatus::skipped;
    outcome.reason = last_lines(trim(outcome.log), 1);
    return outcome;
  } else if (result.exit_status != expected) {
    outcome.reason = fmt::format("expected exit status {}, got {}", expected, result.exit_status);
  } else {
    outcome.reason = unmet_expectation(test, result.out, result.err);
  }
  outcome.status = outcome.reason.empty() ? TestStatus::passed : TestStatus::failed;
  return outcome;
}

TestOutcome run_test(const TestContext& context, const TestDescription& test) {
  try {
    switch (test.kind) {
      case TestKind::command:
      case TestKind::script:
        return run_command_test(context, test);
      case TestKind::service:
        return run_service_test(context, test);
      case TestKind::host:
        return run_host_test(context, test);
      case TestKind::structure:
        return run_structure_test(context, test);
    }
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    // One test that cannot be carried out must not keep the others from their records.
    TestOutcome outcome;
    outcome.status = TestStatus::error;
    outcome.reason = split_lines(error.what()).empty() ? "" : split_lines(error.what()).front();
    outcome.log = format_error(error);
    return outcome;
  }
  throw Error("a test of unknown kind");
}

}  // namespace cairn::stack
