// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/cleanup.hpp"

#include "base/error.hpp"
#include "engine/names.hpp"
#include "stack/build/claims.hpp"
#include "stack/build/endpoint_check.hpp"
#include "stack/build/superseded.hpp"
#include "stack/build/undeclared.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

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

/// What became of an image: gone (or not there), left to somebody else, or still ours.
enum class Fate { gone, left, stays };

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
         own_names(engine, *record));
  }

  /// What became of the folders of `tree`'s undeclared images, were they to go.
  std::vector<CleanedFolder> clean_undeclared(const TreeImages& tree, const StackFile& stack) {
    claims_.clear();  // an image that stayed may go by now
    std::vector<CleanedFolder> folders;
    for (const UndeclaredImage& image : tree.undeclared) {
      const std::string kept = clean(image, tree, stack);
      const auto silent = silent_.find(image.engine_file);
      const bool unreachable = silent != silent_.end() && silent->second == kept;
      folders.push_back({image.name(), image.folder.path, kept, unreachable});
    }
    return folders;
  }

  std::vector<CleanedImage> take() { return std::move(cleaned_); }

 private:
  /// Why something of `image` stays that nothing else knows of; empty when nothing does.
  std::string clean(const UndeclaredImage& image, const TreeImages& tree, const StackFile& stack) {
    if (!image.holds_images()) return {};
    if (!image.unreadable.empty()) return "its record cannot be read: " + image.unreadable;
    if (options_.superseded_only && image.superseded.empty()) return {};
    if (image.engine_file.empty()) return "this build folder does not use the engine they are of";
    const auto silent = silent_.find(image.engine_file);
    if (silent != silent_.end()) return silent->second;
    try {
      engine::Engine& engine = engine_at(image.engine_file);
      Claims& claims = claims_on(engine, tree, stack);
      const std::string kept = drop_all(image, engine, claims);
      if (!kept.empty()) claims.keep(image);
      return kept;
    } catch (const UnreachableError& error) {
      return silent_[image.engine_file] = error.what();
    }
  }

  std::string drop_all(const UndeclaredImage& image, engine::Engine& engine, const Claims& claims) {
    const std::string target = image.folder.path.parent_path().filename();
    std::string kept;
    for (const SupersededImage& old : image.superseded) {
      const std::string why =
          drop_unclaimed(engine, claims, {target, old.engine_id, old.size, true}, {old.bound_name});
      if (kept.empty()) kept = why;
    }
    if (options_.superseded_only || !image.record) return kept;
    const std::string why =
        drop_unclaimed(engine, claims, {target, image.record->engine_id, image.record->size, false},
                       own_names(engine, *image.record));
    return kept.empty() ? why : kept;
  }

  engine::Engine& engine_at(const std::string& file) {
    auto& engine = engines_[file];
    if (!engine) {
      auto opened = open_(engine::Endpoint::read(file));
      check_endpoint(*opened);
      engine = std::move(opened);
    }
    return *engine;
  }

  Claims& claims_on(const engine::Engine& engine, const TreeImages& tree, const StackFile& stack) {
    const std::string& identity = engine.endpoint().identity;
    const auto known = claims_.find(identity);
    if (known != claims_.end()) return known->second;
    return claims_.emplace(identity, Claims(tree, stack.store, identity)).first->second;
  }

  static Names own_names(const engine::Engine& engine, const ImageRecord& record) {
    return {record.bound_name, engine::listed_name(engine.endpoint(), record.local_name)};
  }

  std::string drop_unclaimed(engine::Engine& engine, const Claims& claims,
                             const CleanedImage& image, Names names) {
    const auto held = engine.inspect(image.engine_id);
    if (!held || gone_.count(image.engine_id) != 0) return {};
    if (claims.is_of_another(engine.endpoint(), *held)) {
      const auto others = claims.names_of(engine.endpoint(), image.engine_id);
      std::erase_if(names, [&](const auto& name) { return others.count(name) != 0; });
      if (!options_.dry_run) untag(engine, held->names, names);
      return {};
    }
    const std::string child = claims.child_of(engine, *held, gone_);
    if (!child.empty()) return "'" + child + "' stands on it";
    const bool stays = drop(engine, image, names) == Fate::stays;
    return stays ? "a container or another image uses it" : "";
  }

  Fate drop(engine::Engine& engine, const CleanedImage& image, const Names& own_names) {
    const auto held = engine.inspect(image.engine_id);
    if (!held || gone_.count(image.engine_id) != 0) return Fate::gone;
    const bool only_ours = std::all_of(held->names.begin(), held->names.end(),
                                       [&](const auto& name) { return is_own(name, own_names); });
    if (!only_ours) {
      if (!options_.dry_run) untag(engine, held->names, own_names);
      return Fate::left;
    }
    if (!options_.dry_run && !engine.remove(image.engine_id)) return Fate::stays;
    gone_.insert(image.engine_id);
    cleaned_.push_back(image);
    return Fate::gone;
  }

  static void untag(engine::Engine& engine, const Names& held, const Names& own_names) {
    for (const std::string& name : held) {
      if (is_own(name, own_names)) engine.untag(name);
    }
  }

  CleanOptions options_;
  const engine::Opener& open_;
  std::map<std::string, std::unique_ptr<engine::Engine>> engines_;
  std::map<std::string, Claims> claims_;       ///< by endpoint
  std::map<std::string, std::string> silent_;  ///< engine files: why they do not answer
  std::set<std::string> gone_;                 ///< IDs, those that would go counted
  std::vector<CleanedImage> cleaned_;
};

/// The folder of one image on one platform, and that of the target when it was the last.
void remove_folder(const fs::path& folder) {
  fs::remove_all(folder);
  std::error_code ignored;
  fs::remove(folder.parent_path(), ignored);
}

}  // namespace

Cleaned clean_stack(const fs::path& stack_file, const CleanOptions& options,
                    const engine::Opener& open) {
  const StackFile stack = StackFile::read(stack_file);
  const TreeImages tree = tree_images(stack_file);
  Cleaner cleaner(options, open);
  Cleaned cleaned;
  cleaned.folders = cleaner.clean_undeclared(tree, stack);
  if (options.undeclared_only) {
    for (const CleanedFolder& folder : cleaned.folders) {
      if (folder.kept.empty() && !options.dry_run) remove_folder(folder.path);
    }
  } else {
    for (auto folder = stack.images.rbegin(); folder != stack.images.rend(); ++folder)
      cleaner.clean(ImageFolder{*folder}, stack);
    // What a declared image stood on.
    cleaned.folders = cleaner.clean_undeclared(tree, stack);
    std::erase_if(cleaned.folders, [](const auto& folder) { return !folder.unreachable; });
  }
  cleaned.images = cleaner.take();
  return cleaned;
}

}  // namespace cairn::stack
