// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/cleanup.hpp"

#include "base/error.hpp"
#include "engine/names.hpp"
#include "stack/build/endpoint_check.hpp"
#include "stack/build/superseded.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"

#include <algorithm>
#include <map>
#include <memory>

namespace cairn::stack {
namespace {

using Names = std::vector<std::string>;

/// Of the image itself, or of a test that was killed before it could take its name away.
bool is_own(const std::string& name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end() ||
         name.starts_with(engine::kTestNames);
}

/// What a record says of the image that this engine holds; none when it is damaged (the next
/// build writes it anew) or of another engine.
std::optional<ImageRecord> record_here(const ImageFolder& folder,
                                       const engine::Endpoint& endpoint) {
  try {
    auto record = ImageRecord::read_if_present(folder.image_record());
    if (record && record->endpoint == endpoint.identity) return record;
  } catch (const Error&) {
  }
  return std::nullopt;
}

class Cleaner {
 public:
  Cleaner(const CleanOptions& options, const engine::Opener& open)
      : options_(options), open_(open) {}

  void clean(const ImageFolder& folder, const StackFile& stack) {
    const auto image = BuildDescription::read(folder.build_description());
    engine::Engine& engine = engine_at(image.engine_file_in(stack));
    for (const SupersededImage& old : superseded_images(folder)) {
      drop(engine, {image.target, old.engine_id, old.size, true}, {old.bound_name});
    }
    const auto record = record_here(folder, engine.endpoint());
    if (options_.superseded_only || !record) return;
    drop(engine, {image.target, record->engine_id, record->size, false},
         {record->bound_name, engine::listed_name(engine.endpoint(), record->local_name)});
  }

  std::vector<CleanedImage> take() { return std::move(cleaned_); }

 private:
  engine::Engine& engine_at(const std::string& file) {
    auto& engine = engines_[file];
    if (!engine) {
      engine = open_(engine::Endpoint::read(file));
      check_endpoint(*engine);
    }
    return *engine;
  }

  void drop(engine::Engine& engine, const CleanedImage& image, const Names& own_names) {
    const auto held = engine.inspect(image.engine_id);
    if (!held) return;
    const bool only_ours = std::all_of(held->names.begin(), held->names.end(),
                                       [&](const auto& name) { return is_own(name, own_names); });
    if (!only_ours) {
      if (!options_.dry_run) untag(engine, held->names, own_names);
      return;
    }
    if (options_.dry_run || engine.remove(image.engine_id)) cleaned_.push_back(image);
  }

  static void untag(engine::Engine& engine, const Names& held, const Names& own_names) {
    for (const std::string& name : held) {
      if (is_own(name, own_names)) engine.untag(name);
    }
  }

  CleanOptions options_;
  const engine::Opener& open_;
  std::map<std::string, std::unique_ptr<engine::Engine>> engines_;
  std::vector<CleanedImage> cleaned_;
};

}  // namespace

std::vector<CleanedImage> clean_stack(const std::filesystem::path& stack_file,
                                      const CleanOptions& options, const engine::Opener& open) {
  const StackFile stack = StackFile::read(stack_file);
  Cleaner cleaner(options, open);
  for (auto folder = stack.images.rbegin(); folder != stack.images.rend(); ++folder) {
    cleaner.clean(ImageFolder{*folder}, stack);
  }
  return cleaner.take();
}

}  // namespace cairn::stack
