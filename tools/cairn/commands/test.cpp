// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "commands/heartbeat.hpp"
#include "commands/verb.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/testing/test_runner.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace cairn::commands {
namespace {

struct Options {
  std::string image;
  std::string build_dir = ".";
  std::vector<std::string> only;
  bool all = false;
  bool ctest = false;
  bool json = false;
};

bool gates(const stack::TestReport& report) {
  using stack::TestStatus;
  return !report.report &&
         (report.record.status == TestStatus::failed || report.record.status == TestStatus::error);
}

void print_report(const std::string& title, const stack::TestReport& report) {
  std::string text = fmt::format("{:<7} {}: {} ({})", stack::to_string(report.record.status), title,
                                 report.record.test, format_seconds(report.record.seconds));
  if (!report.record.reason.empty()) text += ": " + report.record.reason;
  text += "\n";
  if (!report.moved.empty()) {
    text += fmt::format("  '{}' changed while it ran: it answers for nothing, and runs again\n",
                        report.moved);
  }
  if (gates(report)) {
    for (const std::string& line : split_lines(report.log_tail))
      text += "  | " + line + "\n";
    text += "  log: " + report.log_path + "\n";
  }
  fmt::print("{}", text);
  std::fflush(stdout);
}

class Verdict {
 public:
  void add(const std::string& title, const std::vector<stack::TestReport>& reports) {
    std::vector<std::string> failed;
    for (const stack::TestReport& report : reports) {
      if (gates(report)) failed.push_back(report.record.test);
      skipped_ += report.record.status == stack::TestStatus::skipped ? 1 : 0;
    }
    count_ += reports.size();
    if (failed.empty()) return;
    problems_.push_back(fmt::format("{} of {} tests of '{}' failed: {}", failed.size(),
                                    reports.size(), title, join(failed, ", ")));
  }

  ExitCode exit_code(const Options& options) const {
    if (!problems_.empty()) {
      throw UserError(join(problems_, "\n"), fmt::format("cairn test {} --only <name> -C {}",
                                                         options.image, options.build_dir));
    }
    const bool only_skipped = options.ctest && skipped_ > 0 && skipped_ == count_;
    return only_skipped ? ExitCode::skipped : ExitCode::done;
  }

 private:
  std::vector<std::string> problems_;
  std::size_t skipped_ = 0;
  std::size_t count_ = 0;
};

ExitCode run(const Options& options, const Context& context) {
  Json all = Json::array();
  Verdict verdict;
  for (const stack::ImageFolder& folder : stack::find_images(options.build_dir, options.image)) {
    const auto build = stack::BuildDescription::read(folder.build_description());
    stack::TestOptions test_options;
    test_options.only = options.only;
    // What CTest asks for is executed, not looked up (exactness rule 23).
    test_options.all = options.all || options.ctest;
    const auto open = [&] {
      const auto file = stack::StackFile::read(build.stack_file);
      return context.open_engine(engine::Endpoint::read(build.engine_file_in(file)));
    };
    const Heartbeat alive("testing '" + build.title() + "'");
    const auto reports =
        stack::run_tests(folder, test_options, open, [&](const stack::TestReport& report) {
          if (!options.json) print_report(build.title(), report);
        });
    for (const stack::TestReport& report : reports) {
      if (options.json) all.push_back(Json::parse(report.record.to_text()));
    }
    verdict.add(build.title(), reports);
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return verdict.exit_code(options);
}

}  // namespace

Verb test_verb() {
  return {
      "test", "Runs an image's tests that have not passed yet",
      "cairn test base-notebook --only healthy -C build/x86_64",
      [](CLI::App& app, const Context& context) {
        const auto options = std::make_shared<Options>();
        app.add_option("image", options->image, "Image folder, target or target/arch")->required();
        app.add_option("-C,--build-dir", options->build_dir, "Build folder")->capture_default_str();
        app.add_option("--only", options->only, "Run this test; may be given again")
            ->allow_extra_args(false);
        app.add_flag("--all", options->all, "Run also what has passed before");
        app.add_flag("--ctest", options->ctest,
                     "Run always; exit with 77 when the test was skipped");
        app.add_flag("--json", options->json, "Print the test records");
        return [options, &context] { return run(*options, context); };
      }};
}

}  // namespace cairn::commands
