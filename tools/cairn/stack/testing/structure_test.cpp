// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/testing/structure_checks.hpp"
#include "stack/testing/structure_file.hpp"
#include "stack/testing/test_kinds.hpp"

#include <fmt/core.h>

#include <cctype>

namespace cairn::stack {
namespace {

using Strings = std::vector<std::string>;

constexpr std::string_view kSetupFailed = "cairn: setup failed: ";

bool is_name_char(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// `$NAME` and `${NAME}` by the image's own variables, as the format's globalEnvVars want it.
std::string expand_variables(const std::string& text,
                             const std::map<std::string, std::string>& values) {
  std::string expanded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool braced = i + 1 < text.size() && text[i + 1] == '{';
    std::size_t end = i + (braced ? 2 : 1);
    const std::size_t start = end;
    while (text[i] == '$' && end < text.size() && is_name_char(text[end]))
      ++end;
    if (text[i] != '$' || end == start || (braced && (end >= text.size() || text[end] != '}'))) {
      expanded += text[i];
      continue;
    }
    const auto found = values.find(text.substr(start, end - start));
    if (found != values.end()) expanded += found->second;
    i = braced ? end : end - 1;
  }
  return expanded;
}

/// One shell that sets up, runs the command with its own output only, and tears down.
std::string with_setup(const StructureCommand& test) {
  std::string script;
  for (const Strings& argv : test.setup) {
    const std::string line = shell_quote(argv);
    script += fmt::format("( {0} ) >/dev/null 2>&1 || {{ echo {1}\" status $?\" >&2; exit 1; }}\n",
                          line, shell_quote(std::string(kSetupFailed) + line));
  }
  script += fmt::format("( {} )\ns=$?\n", shell_quote(test.argv));
  for (const Strings& argv : test.teardown) {
    script += fmt::format("( {} ) >/dev/null 2>&1\n", shell_quote(argv));
  }
  return script + "exit $s\n";
}

void check_patterns(const Strings& patterns, bool wanted, const std::string& text,
                    const char* stream, Strings& problems) {
  for (const std::string& pattern : patterns) {
    if (Pattern(pattern).found_in(text) == wanted) continue;
    problems.push_back(wanted ? fmt::format("{} does not match '{}'", stream, pattern)
                              : fmt::format("{} matches '{}', which it must not", stream, pattern));
  }
}

Strings check_command(const StructureCommand& test, const engine::RunResult& result) {
  if (result.timed_out) return {"not ended in time"};
  // With a terminal both streams come as one.
  for (const std::string& text : {result.err, result.out}) {
    if (!text.starts_with(kSetupFailed)) continue;
    return {trim(split_lines(text).front()).substr(std::string_view("cairn: ").size())};
  }
  Strings problems;
  if (result.exit_status != test.exit_code) {
    problems.push_back(
        fmt::format("expected exit status {}, got {}", test.exit_code, result.exit_status));
  }
  check_patterns(test.expected_output, true, result.out, "stdout", problems);
  check_patterns(test.excluded_output, false, result.out, "stdout", problems);
  check_patterns(test.expected_error, true, result.err, "stderr", problems);
  check_patterns(test.excluded_error, false, result.err, "stderr", problems);
  return problems;
}

/// Carries out one file's checks one after another and gathers the results.
class StructureRun {
 public:
  StructureRun(const TestContext& context, const TestDescription& test)
      : context_(context), test_(test), file_(StructureFile::read(test.file)) {}

  TestOutcome run() {
    if (file_.metadata || !file_.commands.empty()) read_config();
    if (file_.metadata) {
      add("metadata", [this] { return check_metadata(*file_.metadata, config_); });
    }
    check_files();
    for (const StructureCommand& command : file_.commands) {
      add(command.name, [this, &command] { return run_command(command); });
    }
    if (failed_ > 0) {
      outcome_.status = TestStatus::failed;
      outcome_.reason = fmt::format("{} of {} checks failed", failed_, outcome_.results.size());
    }
    return std::move(outcome_);
  }

 private:
  template <typename Check>
  void add(const std::string& name, Check check) {
    check_interrupted();
    const Stopwatch watch;
    const Strings problems = check();
    const bool passed = problems.empty();
    outcome_.results.push_back({name, passed ? TestStatus::passed : TestStatus::failed,
                                watch.seconds(), join(problems, "\n")});
    if (passed) return;
    ++failed_;
    outcome_.log += name + ": " + join(problems, "\n" + name + ": ") + "\n";
  }

  void read_config() {
    const auto info = context_.engine.inspect(context_.image.engine_id);
    if (!info) {
      throw UserError("image '" + context_.image.target + "' is no longer in the engine",
                      context_.folder.build_command());
    }
    config_ = info->config;
    for (const std::string& entry : config_.env) {
      const std::size_t equals = entry.find('=');
      if (equals != std::string::npos) {
        environment_[entry.substr(0, equals)] = entry.substr(equals + 1);
      }
    }
  }

  void check_files() {
    if (file_.existence.empty() && file_.contents.empty()) return;
    const auto files = context_.engine.files(context_.image.engine_id, unique_container_name());
    for (const StructureExistence& one : file_.existence) {
      add(one.name, [&] { return check_existence(one, files->stat(one.path)); });
    }
    for (const StructureContent& one : file_.contents) {
      add(one.name, [&] { return check_content(one, files->read(one.path)); });
    }
  }

  Strings run_command(const StructureCommand& command) {
    engine::RunRequest request = container_request(context_, test_);
    const std::vector<StructureValue>* const sources[] = {&file_.global_environment,
                                                          &command.environment};
    for (const auto* values : sources) {
      for (const StructureValue& value : *values) {
        request.environment[value.key] = expand_variables(value.value, environment_);
      }
    }
    if (!file_.run_user.empty()) request.user = file_.run_user;
    request.tty = request.tty || file_.run_tty;
    request.flags.insert(request.flags.end(), file_.run_flags.begin(), file_.run_flags.end());
    request.entrypoint = Strings{};
    request.command = command.argv;
    if (!command.setup.empty() || !command.teardown.empty()) {
      request.entrypoint = Strings{"/bin/sh"};
      request.command = {"-c", with_setup(command)};
    }
    const engine::RunResult result = context_.engine.run(request);
    Strings problems = check_command(command, result);
    if (!problems.empty()) {
      outcome_.log += fmt::format("$ {}\n{}{}", shell_quote(command.argv), result.out, result.err);
      if (outcome_.log.back() != '\n') outcome_.log += '\n';
    }
    return problems;
  }

  const TestContext& context_;
  const TestDescription& test_;
  StructureFile file_;
  oci::ImageConfig config_;
  std::map<std::string, std::string> environment_;
  TestOutcome outcome_;
  std::size_t failed_ = 0;
};

}  // namespace

TestOutcome run_structure_test(const TestContext& context, const TestDescription& test) {
  return StructureRun(context, test).run();
}

}  // namespace cairn::stack
