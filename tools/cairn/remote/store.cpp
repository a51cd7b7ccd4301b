// SPDX-License-Identifier: BSD-3-Clause
#include "store/store.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "remote/verbs.hpp"
#include "stack/export/kept_blobs.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "store/maintenance.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <chrono>
#include <memory>

namespace cairn::remote {
namespace {

struct Options {
  std::string action;
  std::string build_dir = ".";
  std::string store;
  double grace_hours = 24;
  bool dry_run = false;
  bool json = false;
};

store::Store open_store(const Options& options) {
  if (!options.store.empty()) return store::Store(options.store);
  const auto files = stack::find_stack_files(options.build_dir);
  return store::Store(stack::StackFile::read(files.front()).store);
}

std::string blobs_text(std::size_t blobs, std::uint64_t bytes) {
  return fmt::format("{} blob{}, {}", blobs, blobs == 1 ? "" : "s", format_bytes(bytes));
}

ExitCode verify(const store::Store& store, const Options& options) {
  const auto held = store.hold();
  const store::Verified result = store::verify(store);
  if (options.json) {
    fmt::print("{}", pretty_json({{"schema", "cairn/store-verify/1"},
                                  {"blobs", result.blobs},
                                  {"bytes", result.bytes},
                                  {"bad", result.bad}}));
  } else {
    for (const std::string& bad : result.bad)
      fmt::print("{}; removed\n", bad);
    fmt::print("{} good\n", blobs_text(result.blobs, result.bytes));
  }
  return result.bad.empty() ? ExitCode::done : ExitCode::failed;
}

ExitCode gc(const store::Store& store, const Options& options) {
  const auto alone = store.hold_alone(
      [] { fmt::print(stderr, "cairn: waiting: the store is in use by other processes\n"); });
  std::set<oci::Digest> keep;
  for (const stack::KeptTree& tree : stack::kept_trees(store))
    keep.insert(tree.blobs.begin(), tree.blobs.end());
  store::CollectOptions collect;
  collect.grace = std::chrono::seconds(static_cast<std::int64_t>(options.grace_hours * 3600));
  collect.dry_run = options.dry_run;
  const store::Collected result = store::collect(store, keep, collect);
  if (options.json) {
    fmt::print("{}", pretty_json({{"schema", "cairn/store-gc/1"},
                                  {"blobs", result.blobs},
                                  {"bytes", result.bytes},
                                  {"young", result.young},
                                  {"left_over", result.left_over}}));
    return ExitCode::done;
  }
  fmt::print("{} {}", options.dry_run ? "would remove" : "removed",
             blobs_text(result.blobs, result.bytes));
  if (result.left_over > 0) fmt::print(", and {} left half written", result.left_over);
  if (result.young > 0) fmt::print("; {} that nobody names are too young", result.young);
  fmt::print("\n");
  return ExitCode::done;
}

ExitCode du(const store::Store& store, const Options& options) {
  const store::Usage all = store::usage(store);
  std::set<oci::Digest> named = store::reached_from_index(store);
  Json trees = Json::array();
  for (const stack::KeptTree& tree : stack::kept_trees(store)) {
    const store::Usage own = store::usage(store, &tree.blobs);
    named.insert(tree.blobs.begin(), tree.blobs.end());
    trees.push_back(
        {{"stack_file", tree.stack_file.string()}, {"blobs", own.blobs}, {"bytes", own.bytes}});
    if (!options.json) {
      fmt::print("{}: {}\n", tree.stack_file.string(), blobs_text(own.blobs, own.bytes));
    }
  }
  const store::Usage kept = store::usage(store, &named);
  const store::Usage unnamed{all.blobs - kept.blobs, all.bytes - kept.bytes};
  if (options.json) {
    fmt::print("{}", pretty_json({{"schema", "cairn/store-du/1"},
                                  {"store", store.root().string()},
                                  {"blobs", all.blobs},
                                  {"bytes", all.bytes},
                                  {"trees", trees},
                                  {"unnamed_blobs", unnamed.blobs},
                                  {"unnamed_bytes", unnamed.bytes}}));
    return ExitCode::done;
  }
  fmt::print("named by nobody: {}\n", blobs_text(unnamed.blobs, unnamed.bytes));
  fmt::print("{}: {}\n", store.root().string(), blobs_text(all.blobs, all.bytes));
  return ExitCode::done;
}

ExitCode run(const Options& options) {
  const store::Store store = open_store(options);
  if (options.action == "verify") return verify(store, options);
  if (options.action == "gc") return gc(store, options);
  return du(store, options);
}

}  // namespace

commands::Verb store_verb() {
  return {"store", "Checks the store, frees what nobody needs, shows what takes its space",
          "cairn store gc -C build/x86_64", [](CLI::App& app, const commands::Context&) {
            const auto options = std::make_shared<Options>();
            app.add_option("action", options->action,
                           "verify: read every blob, remove bad ones; exit code 1 when there were\n"
                           "gc: remove blobs that neither the index nor a build folder names\n"
                           "du: what takes how much")
                ->required()
                ->check(CLI::IsMember({"verify", "gc", "du"}));
            app.add_option("-C,--build-dir", options->build_dir,
                           "Build folder or stack file whose store is meant")
                ->capture_default_str();
            app.add_option("--store", options->store, "The store itself");
            app.add_option("--grace", options->grace_hours,
                           "With gc: blobs younger than so many hours stay")
                ->capture_default_str()
                ->check(CLI::NonNegativeNumber);
            app.add_flag("--dry-run", options->dry_run, "With gc: only say what would go");
            app.add_flag("--json", options->json, "Print it as JSON");
            return [options] { return run(*options); };
          }};
}

}  // namespace cairn::remote
