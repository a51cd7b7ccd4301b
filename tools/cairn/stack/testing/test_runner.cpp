// SPDX-License-Identifier: BSD-3-Clause
#include "stack/testing/test_runner.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/model/description.hpp"
#include "stack/scan/test_inputs.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTailLines = 40;

/// Where a container shares this machine's network, a published port is this machine's too, and
/// two services of one port would meet there.
bool shares_host_network(const engine::Endpoint& endpoint, const TestDescription& test) {
  if (endpoint.kind == "buildah" || test.network == "host") return true;
  const auto& flags = endpoint.run_flags;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] == "--network=host" || flags[i] == "--net=host") return true;
    if ((flags[i] == "--network" || flags[i] == "--net") && i + 1 < flags.size() &&
        flags[i + 1] == "host") {
      return test.network.empty();
    }
  }
  return false;
}

std::vector<TestDescription> select(const TestsDescription& description,
                                    const std::vector<std::string>& only) {
  if (only.empty()) return description.tests;
  std::vector<std::string> known;
  for (const TestDescription& test : description.tests)
    known.push_back(test.name);
  for (const std::string& name : only) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const auto near = did_you_mean(name, known);
    throw UserError(fmt::format("image '{}' has no test '{}'", description.target, name),
                    near            ? "did you mean '" + *near + "'?"
                    : known.empty() ? "it has no tests"
                                    : "its tests are: " + join(known, ", "));
  }
  std::vector<TestDescription> selected;
  for (const TestDescription& test : description.tests) {
    if (std::find(only.begin(), only.end(), test.name) != only.end()) selected.push_back(test);
  }
  return selected;
}

/// What a test is run with, and the key that it has by that.
struct Seen {
  InputsOfTest inputs;  ///< an empty key: the test reads nothing
  std::string test_key;
};

/// An input in which the two differ.
std::string moved_input(const InputsOfTest& before, const InputsOfTest& after) {
  const auto differs_from = [](const InputsOfTest& other, const WatchedPath& one) {
    if (one.stamp.kind == PathKind::directory) return false;
    return std::none_of(other.watched.begin(), other.watched.end(), [&](const WatchedPath& was) {
      return was.path == one.path && was.digest == one.digest && was.stamp.mode == one.stamp.mode &&
             was.stamp.kind == one.stamp.kind;
    });
  };
  for (const auto& [here, there] : {std::pair(&before, &after), std::pair(&after, &before)}) {
    for (const WatchedPath& one : here->watched) {
      if (differs_from(*there, one)) return one.path;
    }
  }
  return before.watched.empty() ? "" : before.watched.front().path;
}

/// The tests of one image folder, their keys and records.
class TestRun {
 public:
  TestRun(const ImageFolder& folder, const TestOptions& options)
      : folder_(folder), options_(options) {
    const BuildDescription build = BuildDescription::read(folder.build_description());
    const auto record = ImageRecord::read_if_present(folder.image_record());
    if (!record) {
      throw UserError("image '" + build.title() + "' has not been built", folder.build_command());
    }
    image_ = *record;
    const StackFile stack = StackFile::read(build.stack_file);
    store_ = stack.store;
    scan_lock_ = stack.scan_lock();
    endpoint_ = engine::Endpoint::read(build.engine_file_in(stack));
    const auto description = TestsDescription::read(folder.test_description());
    declared_slots_ = description.slots;
    tests_ = select(description, options.only);
    reports_.resize(tests_.size());
  }

  std::vector<TestReport> run(const EngineOpener& open_engine, const ReportSink& sink) {
    std::vector<std::size_t> waiting;
    for (std::size_t i = 0; i < tests_.size(); ++i) {
      if (options_.all || !take_known(i)) waiting.push_back(i);
    }
    run_all(waiting, open_engine, sink);
    return std::move(reports_);
  }

 private:
  Seen look(const TestDescription& test) const {
    const std::vector<std::string> paths = paths_of_test(test.inputs, test.script, test.file);
    Seen seen;
    if (!paths.empty()) {
      seen.inputs = read_test_inputs(
          paths, [](const auto&, const auto&) { return std::optional<Sha256Bytes>(); });
    }
    if (seen.inputs.key == kUnknownInputs) return seen;
    const auto key = paths.empty() ? std::nullopt : std::optional(seen.inputs.key);
    seen.test_key = make_test_key(test, image_.config_digest, key, endpoint_.run_flags);
    return seen;
  }

  void note(const TestDescription& test, const std::string& inputs_key) const {
    if (!inputs_key.empty()) note_tests_key(folder_.tests_key(), scan_lock_, test.name, inputs_key);
  }

  /// Whether the test has passed before with the same key, here or in the store.
  bool take_known(std::size_t i) {
    const fs::path here = folder_.test_record(tests_[i].name);
    const Seen now = look(tests_[i]);
    auto record = find_passing_record(here, store_, now.test_key);
    if (!record) return false;
    note(tests_[i], now.inputs.key);
    record->target = image_.target;
    record->test = tests_[i].name;
    write_file_if_changed(here, record->to_text());
    reports_[i] = {*record, tests_[i].report, false, {}, {}, {}};
    return true;
  }

  void run_all(const std::vector<std::size_t>& waiting, const EngineOpener& open_engine,
               const ReportSink& sink) {
    const int slots = options_.slots > 0 ? options_.slots : test_slots(declared_slots_);
    const std::size_t workers = std::min(waiting.size(), static_cast<std::size_t>(slots));
    std::atomic<std::size_t> next{0};
    std::vector<std::exception_ptr> problems(workers);
    const auto work = [&](std::size_t worker) {
      try {
        const auto engine = open_engine();
        for (std::size_t n = next++; n < waiting.size(); n = next++) {
          const Slot slot("test", slots, {});
          check_interrupted();
          run_one(*engine, waiting[n], sink);
        }
      } catch (...) {
        // An exception must not leave a thread; the others stop at their next test.
        problems[worker] = std::current_exception();
        next = waiting.size();
      }
    };
    std::vector<std::thread> threads;
    for (std::size_t worker = 1; worker < workers; ++worker)
      threads.emplace_back(work, worker);
    if (workers > 0) work(0);
    for (std::thread& thread : threads)
      thread.join();
    for (const std::exception_ptr& problem : problems) {
      if (problem) std::rethrow_exception(problem);
    }
  }

  TestOutcome execute(engine::Engine& engine, const TestDescription& test) {
    const TestContext context{engine, image_, folder_, fs::absolute(folder_.test_junit(test.name))};
    std::optional<FileLock> port;
    if (test.port > 0 && shares_host_network(endpoint_, test)) {
      port.emplace(lock_directory() / fmt::format("port-{}", test.port), test.name, nullptr);
    }
    return run_test(context, test);
  }

  void run_one(engine::Engine& engine, std::size_t i, const ReportSink& sink) {
    const TestDescription& test = tests_[i];
    const Seen before = look(test);
    const Stopwatch watch;
    const TestOutcome outcome = execute(engine, test);
    const double seconds = std::round(watch.seconds() * 1000) / 1000;
    const Seen after = look(test);
    TestReport report;
    std::string key = before.test_key;
    if (after.test_key != key) {
      report.moved = moved_input(before.inputs, after.inputs);
      key.clear();
    }
    report.record = {
        image_.target, test.name, to_string(test.kind), outcome.status, image_.config_digest,
        key,           seconds,   outcome.reason,       outcome.results};
    report.report = test.report;
    report.ran = true;
    const fs::path log = folder_.test_log(test.name);
    if (outcome.status == TestStatus::passed) {
      std::error_code ignored;
      fs::remove(log, ignored);
    } else {
      write_file(log, outcome.log);
      report.log_path = log.string();
      report.log_tail = last_lines(outcome.log, kTailLines);
    }
    // Before the record: one that is there has run with what is noted. Ninja compares the key with
    // it or, where restat found an output that stayed, with when its command began.
    note(test, report.moved.empty() ? before.inputs.key : kUnknownInputs);
    write_file(folder_.test_record(test.name), report.record.to_text());
    if (outcome.status == TestStatus::passed && !key.empty()) {
      write_file(stored_test_record(store_, key), report.record.to_text());
    }
    const std::lock_guard guard(mutex_);
    reports_[i] = report;
    if (sink) sink(report);
  }

  ImageFolder folder_;
  TestOptions options_;
  ImageRecord image_;
  fs::path store_;
  fs::path scan_lock_;
  engine::Endpoint endpoint_;
  int declared_slots_ = 0;
  std::vector<TestDescription> tests_;
  std::vector<TestReport> reports_;
  std::mutex mutex_;
};

}  // namespace

int test_slots(int declared) {
  if (const char* text = std::getenv("CAIRN_TEST_SLOTS"); text != nullptr && *text != '\0') {
    const std::string_view value(text);
    int slots = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), slots);
    if (error != std::errc() || end != value.data() + value.size() || slots < 1) {
      throw UserError(fmt::format("invalid CAIRN_TEST_SLOTS '{}'", value),
                      "how many tests may run at once, as in CAIRN_TEST_SLOTS=4");
    }
    return slots;
  }
  if (declared > 0) return declared;
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

std::vector<TestReport> run_tests(const ImageFolder& folder, const TestOptions& options,
                                  const EngineOpener& open_engine, const ReportSink& sink) {
  return TestRun(folder, options).run(open_engine, sink);
}

}  // namespace cairn::stack
