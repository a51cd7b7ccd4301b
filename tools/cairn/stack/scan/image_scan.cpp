// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/image_scan.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "engine/names.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/key_file.hpp"
#include "stack/scan/base_facts.hpp"
#include "stack/scan/external_base.hpp"
#include "stack/scan/reachable.hpp"
#include "stack/scan/source_key.hpp"
#include "stack/scan/test_inputs.hpp"

#include <algorithm>
#include <fcntl.h>
#include <set>
#include <unistd.h>

namespace cairn::stack {
namespace {

/// Collects what an image's key was made from, while it is made.
class Watcher {
 public:
  Watcher(Snapshot& snapshot, const TrustLimit& limit, std::string_view old_bytes)
      : snapshot_(snapshot), limit_(limit) {
    if (old_bytes.empty()) return;
    try {
      for (WatchedPath& watched : deserialise(old_bytes).watched) {
        known_.emplace(watched.path, watched);
      }
    } catch (const Error&) {
      known_.clear();  // damaged: everything is hashed anew
    }
  }

  std::optional<Sha256Bytes> known_digest(const std::string& path, const PathStamp& stamp) const {
    const auto found = known_.find(path);
    if (found == known_.end() || !found->second.trusted || !(found->second.stamp == stamp)) {
      return std::nullopt;
    }
    // Recipes and ignore files are watched by their stamps alone.
    if (found->second.digest == Sha256Bytes{}) return std::nullopt;
    return found->second.digest;
  }

  /// Watches a file by its stamp as it is now, and what it links to; call it before it is read.
  void watch(const std::string& path) {
    for (const auto& [link, stamp] : link_chain(path))
      add(link, stamp, {});
  }

  void add(const std::string& path, const PathStamp& stamp, const Sha256Bytes& digest) {
    if (seen_.insert(path).second) {
      snapshot_.watched.push_back({path, stamp, digest, limit_.proves(on_disk(path), stamp)});
    }
  }

  /// Has the next scan look in full.
  void distrust(const std::string& path) {
    snapshot_.watched.push_back({path, {}, {}, /*trusted=*/false});
  }

  void watch_context(const std::string& root, const ContextListing& listing) {
    snapshot_.context = root;
    for (const auto& [path, stamp] : listing.folders)
      add(path, stamp, {});
    for (const ContextEntry& entry : listing.entries) {
      if (!entry.implied) add(entry.path, entry.stamp, entry.digest);
    }
  }

 private:
  std::string on_disk(const std::string& path) const {
    return path.empty() || path.front() == '/' ? path : snapshot_.context + "/" + path;
  }

  Snapshot& snapshot_;
  const TrustLimit& limit_;
  std::unordered_map<std::string, WatchedPath> known_;
  std::set<std::string> seen_;
};

KeyFile old_key(const ImageFolder& folder) {
  try {
    return KeyFile::read_if_present(folder.key()).value_or(KeyFile{});
  } catch (const Error&) {
    return {};
  }
}

std::optional<ImageRecord> read_record(const ImageFolder& folder) {
  try {
    return ImageRecord::read_if_present(folder.image_record());
  } catch (const Error&) {
    return std::nullopt;  // damaged: the build makes it again
  }
}

void note_record(const ImageRecord& record, const engine::Endpoint& endpoint, Snapshot& snapshot) {
  // An image of another endpoint is not missing from this one: it was never here.
  if (record.endpoint != endpoint.identity) return;
  snapshot.engine_id = record.engine_id;
  snapshot.local_name = engine::listed_name(endpoint, record.local_name);
  snapshot.bound_name = record.bound_name;
}

BaseIdentities identify_bases(const Recipe& recipe, EngineImages& images, Snapshot& snapshot) {
  BaseIdentities bases;
  for (const RecipeUse& use : recipe.uses) {
    if (use.parent) continue;
    const ExternalBase base = ExternalBase::of(use.external);
    bases[use.external] = base.key_identity(images);
    if (!base.is_pinned()) {
      snapshot.bases.emplace_back(base.local_name(), images.id_of(base.local_name()));
    }
  }
  return bases;
}

struct ScannedKeys {
  InputKeys keys;
  std::string taken;
  std::vector<std::string> doubts;
};

ScannedKeys key_image(const BuildDescription& image, const StackFile& stack, EngineImages& images,
                      Watcher& watcher, Snapshot& snapshot) {
  if (image.generated_context) {
    const InputKeys keys = input_keys(declaration_parts(image, snapshot.period));
    return {keys, keys.source, {}};
  }
  watcher.watch(image.dockerfile);
  // Whose command line it is decides how ignore files are read.
  watcher.watch(image.engine_file_in(stack));
  const Recipe written = read_recipe(image, stack.members);
  Recipe recipe = written;
  if (recipe.has_external_bases() && !stack.lock.empty()) {
    watcher.watch(stack.lock);
    pin_bases(recipe, LockFile::read(stack.lock), image.platform);
  }
  const auto candidates = ignore_file_candidates(image, images.endpoint());
  for (const std::string& path : candidates)
    watcher.watch(path);
  const dockerfile::IgnoreRules rules = read_ignore_rules(candidates, images.endpoint());
  const dockerfile::Builder builder = builder_of(images.endpoint());
  const BaseFinder finder(
      stack, builder,
      [&](const std::string& base) { return facts_of_base(images.config_of_base(base)); },
      [&](const std::string& path) { watcher.watch(path); });
  const dockerfile::ContextWants wants = finder.wants(image, recipe);
  ContextTree tree(image.context, rules, builder);
  const KnownDigest known = [&](const std::string& path, const PathStamp& stamp) {
    return watcher.known_digest(path, stamp);
  };
  const ContextListing listing = list_reachable(
      tree, wants, builder, image.generated.empty() ? Missing::refused : Missing::allowed, known);
  watcher.watch_context(image.context, listing);
  const BaseIdentities bases = identify_bases(recipe, images, snapshot);
  const KeyedContext context{listing.entries, wants.doubts};
  InputKeys keys = input_keys(key_parts(image, recipe, context, bases, snapshot.period));
  const std::string taken = keys.source;
  const SourceKey source = source_key({image, stack, written, wants, listing, known}, tree, builder,
                                      [&](const std::string& path) { watcher.watch(path); });
  keys.source = source.hash;
  watcher.watch_context(image.context, source.listing);
  // What is not known yet may be known next time, without any file having changed.
  if (!wants.doubts.empty() || !source.settled) watcher.distrust(image.dockerfile);
  return {keys, taken, wants.doubts};
}

bool write_key(const std::filesystem::path& path, const std::string& text, Snapshot& snapshot) {
  const bool written = write_file_if_changed(path, text);
  snapshot.own.push_back({path.string(), stamp_at(AT_FDCWD, path.c_str()), {}, true});
  return written;
}

}  // namespace

EngineImages::EngineImages(const std::string& engine_file, const engine::Opener& open) {
  try {
    endpoint_ = engine::Endpoint::read(engine_file);
    engine_ = open(endpoint_);
    for (engine::ListedImage& image : engine_->list()) {
      for (std::string& name : image.names)
        names_.emplace(std::move(name), image.id);
      ids_.insert(std::move(image.id));
    }
  } catch (const Error& error) {
    error_ = error.what();
    hint_ = error.hint();
  }
}

std::string EngineImages::id_of(const std::string& name) const {
  const auto found = names_.find(name);
  return found == names_.end() ? std::string() : found->second;
}

std::string EngineImages::identity_of(const std::string& id) {
  return oci::content_identity(config_of(id));
}

oci::ImageConfig EngineImages::config_of(const std::string& id) {
  const std::lock_guard guard(mutex_);
  const auto known = configs_.find(id);
  if (known != configs_.end()) return known->second;
  const auto info = engine_->inspect(id);
  if (!info) throw Error("image '" + id + "' went away while it was looked at");
  return configs_[id] = info->config;
}

std::optional<oci::ImageConfig> EngineImages::config_of_base(const std::string& reference) {
  const ExternalBase base = ExternalBase::of(reference);
  const std::string id = id_of(base.local_name());
  if (!id.empty()) return config_of(id);
  if (!base.is_pinned()) return std::nullopt;
  // Lists hold names and no digests.
  const std::lock_guard guard(mutex_);
  const auto known = pinned_.find(reference);
  if (known != pinned_.end()) return known->second;
  const auto info = engine_->inspect(base.local_name());
  return pinned_[reference] = info ? std::optional(info->config) : std::nullopt;
}

void EngineImages::set_name(const std::string& id, const std::string& name) {
  engine_->tag(id, name);
  names_[name] = id;
}

EngineImages& Engines::at(const std::string& file) {
  auto& images = engines_[file];
  if (!images) images = std::make_unique<EngineImages>(file, open_);
  return *images;
}

Snapshot ImageScan::run(const std::string& folder_path, EngineImages& images,
                        std::string_view old_bytes, bool* rewritten) const {
  const ImageFolder folder{folder_path};
  Snapshot snapshot;
  Watcher watcher(snapshot, limit_, old_bytes);
  KeyFile key;
  // Before anything in it is looked at: a file that goes away later moves the folder's stamp.
  watcher.add(folder_path, stamp_at(AT_FDCWD, folder_path.c_str()), {});
  key.absent = old_key(folder).absent;
  if (folder.lacks_build_files() || folder.lacks_inspection_files()) ++key.absent;
  watcher.watch(folder.build_description());
  // Only our own build writes the record, by rename: any equal stamp is the same file.
  const std::string record = folder.image_record();
  snapshot.own.push_back({record, stamp_at(AT_FDCWD, record.c_str()), {}, true});
  const std::optional<ImageRecord> recorded = read_record(folder);
  if (recorded) note_record(*recorded, images.endpoint(), snapshot);
  try {
    if (!images.reachable()) throw UserError(images.error(), images.hint());
    const auto image = BuildDescription::read(folder.build_description());
    // Another name is no other content: the build finds the image and gives it its names.
    if (recorded && !recorded->is_named_as(image)) {
      ++key.absent;
      snapshot.local_name.clear();  // it may be another image's by now
    }
    key.period = refresh_period(image.refresh, now_);
    snapshot.refresh = image.refresh;
    snapshot.period = key.period;
    ScannedKeys scanned = key_image(image, stack_, images, watcher, snapshot);
    key.input = scanned.keys.input;
    key.source = scanned.keys.source;
    key.taken = std::move(scanned.taken);
    key.doubts = std::move(scanned.doubts);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    // One bad recipe must not stop the other images: its own build says so and fails (rule 8).
    key.error = error.what();
    key.hint = error.hint();
  } catch (const std::exception& error) {
    key.error = "'" + folder.path.string() + "' cannot be keyed: " + error.what();
  }
  if (!key.error.empty()) {
    snapshot.watched.clear();
    snapshot.watched.push_back({record, {}, {}, false});
  }
  snapshot.key_text = key.to_text();
  *rewritten = write_key(folder.key(), snapshot.key_text, snapshot);
  const TestInputs inputs =
      TestInputs::read(folder, [&](const std::string& path, const PathStamp& stamp) {
        return watcher.known_digest(path, stamp);
      });
  for (const WatchedPath& watched : inputs.watched) {
    watcher.add(watched.path, watched.stamp, watched.digest);
  }
  snapshot.tests_text = inputs.text;
  if (inputs.needed) *rewritten |= write_key(folder.tests_key(), inputs.text, snapshot);
  return snapshot;
}

std::string write_absent_key(const ImageFolder& folder, const std::string& key_text) {
  KeyFile key = KeyFile::parse(key_text, folder.key().string());
  ++key.absent;
  write_file(folder.key(), key.to_text());
  return key.to_text();
}

}  // namespace cairn::stack
