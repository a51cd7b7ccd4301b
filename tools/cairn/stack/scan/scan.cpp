// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/scan.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "engine/engine.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "stack/scan/content_index.hpp"
#include "stack/scan/image_scan.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <fcntl.h>
#include <future>
#include <thread>
#include <unordered_map>

namespace cairn::stack {
namespace {

struct Outcome {
  std::string folder;
  EngineImages* engine = nullptr;
  std::string_view old_bytes;  ///< from the index
  std::string new_bytes;       ///< empty: the old ones still hold
  SnapshotView view;           ///< of whichever holds
  bool files_hold = false;     ///< no stamp has moved
  bool rewritten = false;
};

/// Images are independent: each worker takes the next one until none is left.
void for_each_image(std::vector<Outcome>& outcomes, const std::function<void(Outcome&)>& visit) {
  constexpr std::size_t kPerThread = 16;  // below this a thread costs more than it saves
  const std::size_t workers = std::clamp<std::size_t>(
      outcomes.size() / kPerThread, 1, std::max(1U, std::thread::hardware_concurrency()));
  std::atomic<std::size_t> next{0};
  std::vector<std::exception_ptr> failures(workers);
  const auto work = [&](std::size_t worker) {
    try {
      for (std::size_t i = next++; i < outcomes.size(); i = next++)
        visit(outcomes[i]);
    } catch (...) {
      failures[worker] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < workers; ++i)
    threads.emplace_back(work, i);
  work(0);
  for (std::thread& thread : threads)
    thread.join();
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

/// Looks at the stamps of all files, and asks the engines meanwhile what they hold.
void look_at_all(std::vector<Outcome>& outcomes, const StackFile& stack, Engines& engines) {
  auto files = std::async(std::launch::async, [&outcomes] {
    for_each_image(outcomes, [](Outcome& outcome) {
      outcome.files_hold = !outcome.old_bytes.empty() && is_unchanged(outcome.old_bytes);
    });
  });
  for (Outcome& outcome : outcomes) {
    const std::string arch = ImageFolder{outcome.folder}.path.filename().string();
    outcome.engine = &engines.at(stack.engine_file_for(arch));
  }
  files.get();
}

bool period_holds(const SnapshotView& view, std::int64_t now) {
  return view.period.empty() || refresh_period(std::string(view.refresh), now) == view.period;
}

bool bases_hold(const SnapshotView& view, const EngineImages& images) {
  return std::all_of(view.bases.begin(), view.bases.end(), [&](const auto& base) {
    return images.id_of(std::string(base.first)) == base.second;
  });
}

/// Sets names again that somebody moved or took away (rule 20): they decide nothing here, but
/// people type them.
void restore_names(EngineImages& images, const SnapshotView& view, ScanResult& result) {
  for (const std::string_view name : {view.local_name, view.bound_name}) {
    if (name.empty() || images.id_of(std::string(name)) == view.engine_id) continue;
    try {
      images.set_name(std::string(view.engine_id), std::string(name));
      result.renamed.emplace_back(name);
    } catch (const Error&) {
      // The names are for people; the scan's own work is done, and the next one tries again.
    }
  }
}

/// The recorded image is gone: the counter goes up, so that Ninja builds in this very run.
void count_absence(Outcome& outcome) {
  Snapshot snapshot =
      deserialise(outcome.new_bytes.empty() ? outcome.old_bytes : outcome.new_bytes);
  const ImageFolder folder{outcome.folder};
  snapshot.key_text = write_absent_key(folder, snapshot.key_text);
  for (WatchedPath& own : snapshot.own)
    own.stamp = stamp_at(AT_FDCWD, own.path.c_str());
  outcome.new_bytes = serialise(snapshot);
  outcome.view = view_of(outcome.new_bytes);
  outcome.rewritten = true;
}

void write_index(const StackFile& stack, const std::vector<Outcome>& outcomes) {
  std::map<std::string, std::string_view> snapshots;
  for (const Outcome& outcome : outcomes) {
    snapshots[outcome.folder] =
        outcome.new_bytes.empty() ? outcome.old_bytes : std::string_view(outcome.new_bytes);
  }
  ContentIndex::write(stack.index, snapshots);
}

}  // namespace

ScanResult scan_stack(const std::filesystem::path& stack_file, const engine::Opener& open,
                      std::int64_t now) {
  const StackFile stack = StackFile::read(stack_file);
  // Two scans of one build folder (an IDE beside a shell) must not write one index.
  const FileLock lock(stack.scan_lock(), stack.stack, nullptr);
  ScanResult result;
  result.images = stack.images.size();
  if (stack.images.empty()) return result;

  const ContentIndex index(stack.index);
  const ImageScan scan(stack, std::filesystem::path(stack.index).parent_path(), now);
  std::vector<Outcome> outcomes;
  outcomes.reserve(stack.images.size());
  for (const std::string& folder : stack.images) {
    outcomes.emplace_back().folder = folder;
    outcomes.back().old_bytes = index.find(folder).value_or(std::string_view());
  }
  Engines engines(open);
  look_at_all(outcomes, stack, engines);
  std::atomic<std::size_t> unchanged{0};
  for_each_image(outcomes, [&](Outcome& outcome) {
    EngineImages& images = *outcome.engine;
    if (outcome.files_hold && images.reachable()) {
      outcome.view = view_of(outcome.old_bytes);
      if (bases_hold(outcome.view, images) && period_holds(outcome.view, now)) {
        ++unchanged;
        return;
      }
    }
    outcome.new_bytes =
        serialise(scan.run(outcome.folder, images, outcome.old_bytes, &outcome.rewritten));
    outcome.view = view_of(outcome.new_bytes);
  });
  result.unchanged = unchanged;
  bool index_changed = result.unchanged != result.images;
  for (Outcome& outcome : outcomes) {
    if (outcome.view.engine_id.empty() || !outcome.engine->reachable()) continue;
    if (outcome.engine->has(std::string(outcome.view.engine_id))) {
      restore_names(*outcome.engine, outcome.view, result);
      continue;
    }
    count_absence(outcome);
    result.absent.push_back(outcome.folder);
    index_changed = true;
  }
  for (const Outcome& outcome : outcomes) {
    if (outcome.rewritten) result.rewritten.push_back(outcome.folder);
  }
  if (index_changed) write_index(stack, outcomes);
  return result;
}

}  // namespace cairn::stack
