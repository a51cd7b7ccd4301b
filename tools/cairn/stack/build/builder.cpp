// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/builder.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/build/base_refresh.hpp"
#include "stack/build/binding.hpp"
#include "stack/build/build_log.hpp"
#include "stack/build/build_request.hpp"
#include "stack/build/endpoint_check.hpp"
#include "stack/build/oci_format.hpp"
#include "stack/build/progress.hpp"
#include "stack/build/proof.hpp"
#include "stack/build/recording.hpp"
#include "stack/build/source_warnings.hpp"
#include "stack/build/staging.hpp"
#include "stack/build/superseded.hpp"
#include "stack/build/wants.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/record_store.hpp"
#include "stack/model/refresh.hpp"
#include "stack/scan/external_base.hpp"
#include "stack/scan/part_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <future>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

std::optional<ImageRecord> read_previous(const ImageFolder& folder) {
  try {
    return ImageRecord::read_if_present(folder.image_record());
  } catch (const Error&) {
    return std::nullopt;  // damaged: it is written anew
  }
}

std::vector<ImageRecord> read_parents(const BuildDescription& image) {
  std::vector<ImageRecord> records;
  for (const Parent& parent : image.parents) {
    const std::string way_out = ImageFolder{parent.directory}.build_command();
    std::optional<ImageRecord> record;
    try {
      record = ImageRecord::read_if_present(ImageFolder{parent.directory}.image_record());
    } catch (const Error& error) {
      throw UserError(error.what(), way_out);
    }
    if (!record) {
      throw UserError("parent '" + parent.target + "' of '" + image.title() + "' is not built",
                      way_out);
    }
    records.push_back(std::move(*record));
  }
  return records;
}

/// A staged context under the name of all that goes into the image. BuildKit knows a context by
/// the path of its folder, is sent what differs from what it has of that folder, and takes for the
/// same what has the size and time it had. All staged files have one time: if a name ever came
/// back with other content, an edit that keeps a file's size would be lost.
class NamedFolder {
 public:
  NamedFolder(const fs::path& from, fs::path path) : path_(std::move(path)) {
    fs::rename(from, path_);
  }
  ~NamedFolder() {
    if (!removal_.valid()) remove();
  }
  NamedFolder(const NamedFolder&) = delete;
  NamedFolder& operator=(const NamedFolder&) = delete;
  const fs::path& path() const { return path_; }

  /// Begins to remove it, beside what is done until the object goes.
  void remove_beside() {
    removal_ = std::async(std::launch::async, [this] { remove(); });
  }

 private:
  void remove() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path path_;
  std::future<void> removal_;  ///< last: waits before the path goes
};

/// One build of one image, step by step.
class Build {
 public:
  Build(ImageFolder folder, const BuildOptions& options, const BuildWorld& world)
      : folder_(std::move(folder)),
        options_(options),
        world_(world),
        image_(BuildDescription::read(folder_.build_description())),
        stack_(StackFile::read(image_.stack_file)),
        engine_(world.open(engine::Endpoint::read(image_.engine_file_in(stack_)))),
        store_(stack_.store, engine_->endpoint().identity) {}

  BuildReport run() {
    scanned_ = read_key();
    const FileLock lock(
        lock_directory() / ("image-" + lock_name()), image_.title(),
        [&](const std::string& holder) { say("waiting for another build of '" + holder + "'"); });
    // Another engine may hold the very ID: what it holds is not what this tree recorded.
    check_endpoint(*engine_);
    previous_ = read_previous(folder_);
    origin_.parents = read_parents(image_);
    recipe_ = read_pinned_recipe(image_, stack_);
    if (!image_.has_generated()) {
      set_keys({scanned_.input, scanned_.source});
    } else {
      // Generated files are not in the scan's key: what they are now decides.
      const auto wants = wants_at_build(*engine_, stack_, image_, recipe_, nullptr);
      const auto rules = ignore_rules();
      const ContextView view = view_of(rules, wants);
      const BaseIdentities bases = held_bases();
      key_as_built({hash_context(image_, view), wants.doubts}, view, bases, bases);
    }
    if (const auto record = known_record()) return adopt(*record, BuildOutcome::reused);
    return build();
  }

 private:
  void say(const std::string& line) const { world_.say(line); }

  KeyFile read_key() const;
  std::string lock_name() const;
  dockerfile::IgnoreRules ignore_rules() const;
  BaseIdentities held_bases() const;
  void set_keys(const InputKeys& keys);
  ContextView view_of(const dockerfile::IgnoreRules& rules,
                      const dockerfile::ContextWants& wants) const {
    return {rules, wants, builder_of(engine_->endpoint())};
  }
  void key_as_built(const KeyedContext& context, const ContextView& view,
                    const BaseIdentities& bases, const BaseIdentities& found);
  InputKeys keys_as_found(const KeyedContext& context, const ContextView& view,
                          const BaseIdentities& found) const;
  std::optional<ImageRecord> known_record() const;

  bool is_due() const;
  BuildReport build();
  std::string run_engine(const Bindings& bindings, const fs::path& context, BuildLog& log);
  BuildReport keep_or_adopt(ImageRecord record, const engine::ImageInfo& built);
  BuildReport adopt(ImageRecord record, BuildOutcome outcome);
  void announce(const BuildReport& report, const Stopwatch& watch) const;

  ImageFolder folder_;
  BuildOptions options_;
  const BuildWorld& world_;
  BuildDescription image_;
  StackFile stack_;
  std::unique_ptr<engine::Engine> engine_;
  RecordStore store_;
  KeyFile scanned_;
  std::optional<ImageRecord> previous_;
  Recipe recipe_;
  BuildOrigin origin_;
  KeyParts parts_;  ///< empty when the scan's key was enough
};

KeyFile Build::read_key() const {
  const std::string way_out = "cairn scan " + shell_quote(image_.stack_file);
  std::optional<KeyFile> key;
  try {
    key = KeyFile::read_if_present(folder_.key());
  } catch (const Error& error) {
    throw UserError(error.what(), way_out);
  }
  if (!key) throw UserError("'" + image_.title() + "' has not been scanned", way_out);
  if (!key->error.empty()) {
    // A scan that found no engine says so here too, but with its own exit code.
    check_endpoint(*engine_);
    throw UserError(key->error, key->hint);
  }
  return *key;
}

std::string Build::lock_name() const {
  const std::string name = engine_->endpoint().identity + "\n" + image_.stack + "\n" +
                           image_.target + "\n" + image_.platform.to_string();
  return sha256_hex(name).substr(0, 16);
}

dockerfile::IgnoreRules Build::ignore_rules() const {
  if (image_.generated_context) return {};
  return read_ignore_rules(ignore_file_candidates(image_, engine_->endpoint()),
                           engine_->endpoint());
}

// What the engine holds under the names of external bases: a scan would find the same now.
BaseIdentities Build::held_bases() const {
  BaseIdentities bases;
  for (const RecipeUse& use : recipe_.uses) {
    if (!use.external.empty()) {
      bases[use.external] = ExternalBase::of(use.external).key_identity(*engine_);
    }
  }
  return bases;
}

void Build::set_keys(const InputKeys& keys) {
  std::vector<std::string> identities;
  for (const RecipeUse& use : recipe_.uses) {
    if (use.parent) identities.push_back(origin_.parents[*use.parent].identity);
  }
  origin_.keys = keys;
  origin_.build_key = build_key(keys.input, identities);
}

/// `found` are the bases as this build found them, before it pulled any. They are compared only
/// where the scan did not yet write `taken`: other builds may have pulled them since the scan.
void Build::key_as_built(const KeyedContext& context, const ContextView& view,
                         const BaseIdentities& bases, const BaseIdentities& found) {
  parts_ = key_parts(image_, recipe_, context, bases, scanned_.period);
  InputKeys keys = input_keys(parts_);
  // Where something was edited since the scan, the source is one that no scan has named: the next
  // one names it, and until then no release takes the image.
  const InputKeys now = keys_as_found(context, view, found);
  if (scanned_.taken.empty() ? now.input == scanned_.input : now.source == scanned_.taken)
    keys.source = scanned_.source;
  set_keys(keys);
}

/// The keys of what a scan would key: without the generated files.
InputKeys Build::keys_as_found(const KeyedContext& context, const ContextView& view,
                               const BaseIdentities& found) const {
  if (!image_.has_generated()) {
    return input_keys(key_parts(image_, recipe_, context, found, scanned_.period));
  }
  if (image_.generated_context) return input_keys(declaration_parts(image_, scanned_.period));
  const std::vector<ContextEntry> written = written_entries(image_, view, context.entries);
  const KeyedContext keyed{written, context.doubts};
  return input_keys(key_parts(image_, recipe_, keyed, found, scanned_.period));
}

/// The record of exactly this build, when its image is still there.
std::optional<ImageRecord> Build::known_record() const {
  if (options_.force || options_.no_cache) return std::nullopt;
  auto record = store_.find(origin_.build_key);
  if (!record || record->platform != image_.platform.to_string()) return std::nullopt;
  const auto held = engine_->inspect(record->engine_id);
  if (!held || held->config_digest != record->config_digest) return std::nullopt;
  // Of these very files, which may have come into a commit since.
  if (record->dirty) note_source_tree(source_tree_of(image_), *record);
  return record;
}

/// Whether no build has succeeded yet in the period of REFRESH.
bool Build::is_due() const {
  const std::string& period = scanned_.period;
  return !period.empty() &&
         !was_refreshed(stack_.store, engine_->endpoint().identity, image_, period);
}

BuildReport Build::build() {
  const Stopwatch watch;
  const int slots = std::max(1, image_.build_slots);
  const Slot slot("build", slots, [&] {
    const std::string running = slots == 1 ? "1 build runs" : std::to_string(slots) + " builds run";
    say("'" + image_.title() + "' waits: " + running + " already");
  });
  say("building '" + image_.title() + "'");
  remove_left_over_stages(folder_.path);
  BuildLog log(folder_.build_log(), options_.verbose);
  const BaseIdentities found = held_bases();
  if (is_due()) {
    for (const std::string& warning : pull_again(*engine_, image_, recipe_, store_, log.sink()))
      say(warning);
  }
  const Bindings bindings(*engine_, image_, recipe_, origin_.parents, log.sink());
  const BoundBase* base = recipe_.final_base ? &bindings.bases()[*recipe_.final_base] : nullptr;
  require_format_holds(image_, recipe_, engine_->endpoint(), base);
  const TempDir stage(".stage-", folder_.path);
  const fs::path staged = stage.path() / "context";
  fs::create_directory(staged);
  // Before the context is taken: a change that is undone while the engine builds is in the image.
  const SourceTree sources = source_tree_of(image_);
  const auto wants = wants_at_build(*engine_, stack_, image_, recipe_, &bindings);
  const auto rules = ignore_rules();
  const ContextView view = view_of(rules, wants);
  key_as_built({stage_context(image_, view, staged), wants.doubts}, view,
               bindings.external_identities(), found);
  const std::string ignore_file = ignore_file_name(rules, image_.context);
  for (const std::string& warning : source_warnings(image_, staged, ignore_file))
    say(warning);
  // The files moved since the scan, or a base was pulled: perhaps that is known as well.
  if (const auto record = known_record()) return adopt(*record, BuildOutcome::reused);
  const std::string name = ".stage-" + origin_.build_key.substr(0, 32);
  // Without the cache nothing of an earlier build is taken, its files neither.
  NamedFolder context(staged, options_.no_cache ? staged : folder_.path / name);
  const std::string engine_id = run_engine(bindings, context.path(), log);
  context.remove_beside();
  const engine::ImageInfo built = prove(*engine_, image_, engine_id, base);
  ImageRecord record = record_of_build(image_, sources, built, recipe_, bindings.bases());
  record.seconds = watch.seconds();
  const BuildReport report = keep_or_adopt(std::move(record), built);
  if (!scanned_.period.empty()) {
    note_refreshed(stack_.store, engine_->endpoint().identity, image_, scanned_.period);
  }
  announce(report, watch);
  return report;
}

std::string Build::run_engine(const Bindings& bindings, const fs::path& context, BuildLog& log) {
  const engine::Capabilities& can = engine_->capabilities();
  const bool built_in_will_do =
      !can.syntax_directive ||
      dockerfile::front_end_needed(recipe_.file, recipe_.needed) <= can.front_end;
  engine::BuildRequest request = build_request(image_, recipe_, *engine_);
  request.context = context;
  const TempDir recipe_folder(".recipe-", folder_.path);
  request.dockerfile = recipe_folder.path() / "Dockerfile";
  write_file(request.dockerfile,
             dockerfile::rewrite(recipe_.file, bindings.replacements(recipe_), recipe_.needed,
                                 can.builds_unneeded_stages, /*drop_syntax=*/built_in_will_do));
  // The context is exact already: no ignore file of its own may take anything away again.
  write_file(request.dockerfile + ".dockerignore", "");
  request.no_cache = request.no_cache || options_.no_cache || is_due();
  const Stopwatch watch;
  try {
    return engine_->build(request, log.sink(), [&] {
      say(fmt::format("building '{}': {}", image_.title(), format_seconds(watch.seconds())));
    });
  } catch (const Interrupted&) {
    throw;
  } catch (const UnreachableError&) {
    throw;
  } catch (const Error& error) {
    throw Error(fmt::format("building '{}': {}\n{}\nthe whole log: {}", image_.title(),
                            error.what(), log.tail(40), folder_.build_log().string()));
  }
}

/// A rebuild that gave the same content keeps the image that was inspected and tested, unless the
/// new one is of the other format (`--format oci`): that is what the rebuild was for.
BuildReport Build::keep_or_adopt(ImageRecord record, const engine::ImageInfo& built) {
  bool same = previous_ && previous_->identity == record.identity &&
              previous_->endpoint == engine_->endpoint().identity;
  if (same && previous_->engine_id != record.engine_id) {
    const auto held = engine_->inspect(previous_->engine_id);
    same = !held || held->config_media_type == built.config_media_type;
    if (held && same) {
      remove_unless_named(*engine_, record.engine_id);
      record.engine_id = previous_->engine_id;
      record.config_digest = previous_->config_digest;
      record.created = previous_->created;
      if (!previous_->dirty) {
        record.revision = previous_->revision;
        record.dirty = false;
      }
      record.size = held->size;
    }
  }
  return adopt(std::move(record), same ? BuildOutcome::kept : BuildOutcome::built);
}

BuildReport Build::adopt(ImageRecord record, BuildOutcome outcome) {
  complete_record(image_, origin_, engine_->endpoint().identity, record);
  engine_->tag(record.engine_id, record.local_name);
  if (!record.bound_name.empty()) engine_->tag(record.engine_id, record.bound_name);
  if (!parts_.empty()) {
    keep_parts(stack_.store, origin_.keys.input, shown_parts(parts_, image_, recipe_.arguments));
  }
  // Before the record says that all is done.
  if (previous_) drop_former_names(*engine_, *previous_, record);
  write_stamps(folder_, store_, record, previous_ && !previous_->is_named_as(image_));
  if (previous_) drop_superseded(*engine_, folder_, *previous_, record, image_.keep_images);
  return {outcome, std::move(record)};
}

void Build::announce(const BuildReport& report, const Stopwatch& watch) const {
  say(fmt::format("built '{}' in {}, {}{}", image_.title(), format_seconds(watch.seconds()),
                  format_bytes(report.record.size),
                  report.outcome == BuildOutcome::kept ? ": same content, kept" : ""));
}

}  // namespace

BuildReport build_image(const ImageFolder& folder, const BuildOptions& options,
                        const engine::Opener& open) {
  const Progress progress;
  const auto say = [&progress](const std::string& line) { progress.line(line); };
  return build_image(folder, options, {open, say});
}

BuildReport build_image(const ImageFolder& folder, const BuildOptions& options,
                        const BuildWorld& world) {
  return Build(folder, options, world).run();
}

}  // namespace cairn::stack
