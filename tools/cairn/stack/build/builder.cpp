// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/builder.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/process.hpp"
#include "base/sha256.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/build/binding.hpp"
#include "stack/build/build_log.hpp"
#include "stack/build/progress.hpp"
#include "stack/build/source_warnings.hpp"
#include "stack/build/staging.hpp"
#include "stack/build/superseded.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/record_store.hpp"
#include "stack/model/refresh.hpp"
#include "stack/scan/part_file.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <fstream>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

std::string revision_of(const std::string& folder) {
  if (!find_program("git")) return {};
  const ProcessResult result =
      run_process({{"git", "-C", folder, "rev-parse", "--verify", "HEAD"}, {}, {}, {}});
  return result.exit_status == 0 ? trim(result.out) : std::string();
}

void check_endpoint(engine::Engine& engine) {
  const std::string now = engine.identity();
  const engine::Endpoint& configured = engine.endpoint();
  if (now == configured.identity) return;
  throw UnreachableError(
      fmt::format("the {} engine that answers is '{}', but this build tree was configured for '{}'",
                  configured.kind, now, configured.identity),
      "start that engine again, or switch on purpose: cmake --fresh, or -DCAIRN_ENGINE=" +
          configured.kind);
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
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  NamedFolder(const NamedFolder&) = delete;
  NamedFolder& operator=(const NamedFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// One build of one image, step by step.
class Build {
 public:
  Build(ImageFolder folder, const BuildOptions& options, const engine::Opener& open)
      : folder_(std::move(folder)),
        options_(options),
        image_(BuildDescription::read(folder_.build_description())),
        stack_(StackFile::read(image_.stack_file)),
        engine_(open(engine::Endpoint::read(image_.engine_file_in(stack_)))),
        store_(stack_.store, engine_->endpoint().identity) {}

  BuildReport run() {
    const KeyFile key = read_key();
    const FileLock lock(lock_directory() / ("image-" + lock_name()), image_.title(),
                        [&](const std::string& holder) {
                          progress_.line("waiting for another build of '" + holder + "'");
                        });
    // Another engine may hold the very ID: what it holds is not what this tree recorded.
    check_endpoint(*engine_);
    previous_ = read_previous();
    parents_ = read_parents();
    recipe_ = read_recipe(image_, stack_.members);
    pin_bases(recipe_, LockFile::read(stack_.lock), image_.platform);
    period_ = refresh_period(image_.refresh, unix_now());
    if (image_.generated.empty() && !image_.generated_context) {
      keys_ = {key.input, key.source};
      if (const auto record = known_record()) return adopt(*record, BuildOutcome::reused);
    } else {
      // Generated files are not in the scan's key: what they are now decides.
      compute_keys(hash_context(image_, ignore_rules()), recorded_bases());
      if (const auto record = known_record()) return adopt(*record, BuildOutcome::reused);
    }
    return build();
  }

 private:
  KeyFile read_key() const {
    const auto key = KeyFile::read_if_present(folder_.key());
    if (!key) {
      throw UserError("'" + image_.title() + "' has not been scanned",
                      "cairn scan " + shell_quote(image_.stack_file));
    }
    if (!key->error.empty()) {
      // A scan that found no engine says so here too, but with its own exit code.
      check_endpoint(*engine_);
      throw UserError(key->error, key->hint);
    }
    return *key;
  }

  std::string lock_name() const {
    const std::string name = engine_->endpoint().identity + "\n" + image_.stack + "\n" +
                             image_.target + "\n" + image_.platform.to_string();
    return sha256_hex(name).substr(0, 16);
  }

  std::optional<ImageRecord> read_previous() const {
    try {
      return ImageRecord::read_if_present(folder_.image_record());
    } catch (const Error&) {
      return std::nullopt;  // damaged: it is written anew
    }
  }

  std::vector<ImageRecord> read_parents() const {
    std::vector<ImageRecord> records;
    for (const Parent& parent : image_.parents) {
      const ImageFolder folder{parent.directory};
      auto record = ImageRecord::read_if_present(folder.image_record());
      if (!record) {
        throw UserError("parent '" + parent.target + "' of '" + image_.title() + "' is not built",
                        "cairn build " + shell_quote(parent.directory));
      }
      records.push_back(std::move(*record));
    }
    return records;
  }

  dockerfile::IgnoreRules ignore_rules() const {
    if (image_.generated_context) return {};
    return read_ignore_rules(ignore_file_candidates(image_, engine_->endpoint()),
                             engine_->endpoint());
  }

  // What the last scan knew of external bases is what the engine holds under their names.
  BaseIdentities recorded_bases() const {
    BaseIdentities bases;
    for (const RecipeUse& use : recipe_.uses) {
      if (!use.external.empty()) bases[use.external] = local_identity(use.external);
    }
    return bases;
  }

  std::string local_identity(const std::string& reference) const;

  void compute_keys(const std::vector<ContextEntry>& entries, const BaseIdentities& bases) {
    parts_ = key_parts(image_, recipe_, entries, bases, period_);
    keys_ = input_keys(parts_);
  }

  std::string current_build_key() const {
    std::vector<std::string> identities;
    for (const RecipeUse& use : recipe_.uses) {
      if (use.parent) identities.push_back(parents_[*use.parent].identity);
    }
    return build_key(keys_.input, identities);
  }

  /// The record of exactly this build, when its image is still there.
  std::optional<ImageRecord> known_record() const {
    if (options_.force || options_.no_cache) return std::nullopt;
    auto record = store_.find(current_build_key());
    if (!record || record->platform != image_.platform.to_string()) return std::nullopt;
    const auto held = engine_->inspect(record->engine_id);
    if (!held || held->config_digest != record->config_digest) return std::nullopt;
    return record;
  }

  BuildReport build();
  void add_reproducible_flags(std::vector<std::string>& flags) const;
  void add_platform_arguments(std::map<std::string, std::string>& arguments);
  std::string run_engine(const Bindings& bindings, const fs::path& context, BuildLog& log);
  ImageRecord prove(const std::string& engine_id, const Bindings& bindings, double seconds) const;
  BuildReport keep_or_adopt(ImageRecord record);
  BuildReport adopt(ImageRecord record, BuildOutcome outcome);
  void announce(const BuildReport& report, const Stopwatch& watch) const;

  ImageFolder folder_;
  BuildOptions options_;
  BuildDescription image_;
  StackFile stack_;
  std::unique_ptr<engine::Engine> engine_;
  RecordStore store_;
  Progress progress_;
  std::optional<ImageRecord> previous_;
  std::vector<ImageRecord> parents_;
  Recipe recipe_;
  InputKeys keys_;
  KeyParts parts_;  ///< empty when the scan's key was enough
  std::string period_;
};

std::string Build::local_identity(const std::string& reference) const {
  const std::size_t at = reference.find('@');
  if (at != std::string::npos) return reference.substr(at + 1);
  const auto held = engine_->inspect(reference);
  return held ? oci::content_identity(held->config) : std::string("absent");
}

BuildReport Build::build() {
  const Stopwatch watch;
  const Slot slot("build", std::max(1, image_.build_slots), [&] {
    progress_.line("'" + image_.title() + "' waits: " + std::to_string(image_.build_slots) +
                   " builds run already");
  });
  progress_.line("building '" + image_.title() + "'");
  remove_left_over_stages(folder_.path);
  BuildLog log(folder_.build_log(), options_.verbose);
  const Bindings bindings(*engine_, image_, recipe_, parents_, log.sink());
  const TempDir stage(".stage-", folder_.path);
  const fs::path staged = stage.path() / "context";
  fs::create_directory(staged);
  compute_keys(stage_context(image_, ignore_rules(), staged), bindings.external_identities());
  for (const std::string& warning : source_warnings(image_, staged))
    progress_.line(warning);
  // The files moved since the scan, or a base was pulled: perhaps that is known as well.
  if (const auto record = known_record()) return adopt(*record, BuildOutcome::reused);
  const std::string name = ".stage-" + current_build_key().substr(0, 32);
  // Without the cache nothing of an earlier build is taken, its files neither.
  const NamedFolder context(staged, options_.no_cache ? staged : folder_.path / name);
  const std::string engine_id = run_engine(bindings, context.path(), log);
  const BuildReport report = keep_or_adopt(prove(engine_id, bindings, watch.seconds()));
  if (!period_.empty()) note_refreshed(stack_.store, engine_->endpoint().identity, image_, period_);
  announce(report, watch);
  return report;
}

void Build::add_reproducible_flags(std::vector<std::string>& flags) const {
  if (!image_.reproducible) return;
  const engine::Endpoint& endpoint = engine_->endpoint();
  if (endpoint.kind == "docker") {
    throw UserError(fmt::format("'{}' is REPRODUCIBLE, but docker's builders cannot rewrite the "
                                "times in layers without exporting them",
                                image_.title()),
                    "build it with podman or buildah (-DCAIRN_ENGINE=buildah), or take "
                    "REPRODUCIBLE away");
  }
  flags.insert(flags.end(), {"--timestamp", std::to_string(kStagedTime)});
}

// The legacy builder knows no TARGETARCH and its like by itself.
void Build::add_platform_arguments(std::map<std::string, std::string>& arguments) {
  const std::vector<std::string> declared =
      dockerfile::declared_arguments(recipe_.file, recipe_.needed);
  for (const auto& [name, value] : dockerfile::platform_arguments(
           image_.platform.to_string(), engine_->native_platform().to_string())) {
    if (std::find(declared.begin(), declared.end(), name) != declared.end()) {
      arguments.emplace(name, value);
    }
  }
}

std::string Build::run_engine(const Bindings& bindings, const fs::path& context, BuildLog& log) {
  const engine::Capabilities& can = engine_->capabilities();
  const bool built_in_will_do =
      !can.syntax_directive ||
      dockerfile::front_end_needed(recipe_.file, recipe_.needed) <= can.front_end;
  const TempDir recipe_folder(".recipe-", folder_.path);
  const fs::path dockerfile = recipe_folder.path() / "Dockerfile";
  write_file(dockerfile,
             dockerfile::rewrite(recipe_.file, bindings.replacements(recipe_), recipe_.needed,
                                 can.builds_unneeded_stages, /*drop_syntax=*/built_in_will_do));
  // The context is exact already: no ignore file of its own may take anything away again.
  write_file(dockerfile.string() + ".dockerignore", "");
  engine::BuildRequest request;
  request.context = context;
  request.dockerfile = dockerfile;
  request.platform = image_.platform;
  request.emulated = !(engine_->native_platform() == image_.platform);
  request.target = image_.stage;
  request.build_args = recipe_.arguments;
  if (can.builds_unneeded_stages) add_platform_arguments(request.build_args);
  request.labels = image_.labels;
  for (const auto& [id, source] : image_.secrets) {
    if (!fs::exists(source)) {
      throw UserError("secret '" + id + "' of '" + image_.title() + "': no file '" + source + "'",
                      "make the file, or take the secret out of SECRETS");
    }
    request.secrets.push_back({id, source});
  }
  request.ssh = image_.ssh;
  request.network = image_.network;
  request.added_hosts = image_.added_hosts;
  request.flags = image_.flags;
  add_reproducible_flags(request.flags);
  request.no_cache = options_.no_cache ||
                     (!period_.empty() &&
                      !was_refreshed(stack_.store, engine_->endpoint().identity, image_, period_));
  const Stopwatch watch;
  try {
    return engine_->build(request, log.sink(), [&] {
      progress_.line(
          fmt::format("building '{}': {}", image_.title(), format_seconds(watch.seconds())));
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

ImageRecord Build::prove(const std::string& engine_id, const Bindings& bindings,
                         double seconds) const {
  const auto built = engine_->inspect(engine_id);
  if (!built) throw Error("the engine built '" + engine_id + "', but does not have it");
  if (!(built->config.platform == image_.platform)) {
    throw Error(fmt::format("'{}' was built for {} instead of {}", image_.title(),
                            built->config.platform.to_string(), image_.platform.to_string()));
  }
  if (recipe_.final_base) {
    const BoundBase& base = bindings.bases()[*recipe_.final_base];
    if (!oci::stands_on(built->config, base.config)) {
      throw Error(
          fmt::format("'{}' does not stand on '{}': its layers do not begin with that "
                      "image's",
                      image_.title(), base.name));
    }
  }
  ImageRecord record;
  record.engine_id = built->id;
  record.config_digest = built->config_digest;
  record.identity = oci::content_identity(built->config);
  record.created = format_utc(unix_now());
  record.size = built->size;
  record.seconds = seconds;
  record.healthcheck = built->config.healthcheck.has_value();
  record.revision = revision_of(fs::path(image_.dockerfile).parent_path());
  for (std::size_t i = 0; i < recipe_.uses.size(); ++i) {
    if (recipe_.uses[i].external.empty()) continue;
    record.bases.push_back({recipe_.uses[i].external, bindings.bases()[i].identity});
  }
  return record;
}

/// A rebuild that gave the same content keeps the image that was inspected and tested.
BuildReport Build::keep_or_adopt(ImageRecord record) {
  const bool same = previous_ && previous_->identity == record.identity &&
                    previous_->endpoint == engine_->endpoint().identity;
  if (same && previous_->engine_id != record.engine_id) {
    if (const auto held = engine_->inspect(previous_->engine_id)) {
      engine_->remove(record.engine_id);
      record.engine_id = previous_->engine_id;
      record.config_digest = previous_->config_digest;
      record.created = previous_->created;
      record.size = held->size;
      return adopt(std::move(record), BuildOutcome::kept);
    }
  }
  return adopt(std::move(record), same ? BuildOutcome::kept : BuildOutcome::built);
}

BuildReport Build::adopt(ImageRecord record, BuildOutcome outcome) {
  record.stack = image_.stack;
  record.target = image_.target;
  record.image = image_.image;
  record.variant = image_.variant;
  record.repository = image_.repository;
  record.platform = image_.platform.to_string();
  record.arch = image_.platform.arch_name();
  record.input_key = keys_.input;
  record.source_key = keys_.source;
  record.build_key = current_build_key();
  record.endpoint = engine_->endpoint().identity;
  record.local_name = image_.local_name();
  record.bound_name = image_.is_parent
                          ? bound_name(image_.stack, image_.target, record.arch, record.identity)
                          : std::string();
  record.parents.clear();
  for (const ImageRecord& parent : parents_) {
    record.parents.push_back(
        {parent.target, parent.identity, parent.config_digest, parent.build_key});
  }
  engine_->tag(record.engine_id, record.local_name);
  if (!record.bound_name.empty()) engine_->tag(record.engine_id, record.bound_name);
  store_.file(record);
  if (!parts_.empty()) {
    keep_parts(stack_.store, keys_.input, shown_parts(parts_, image_, recipe_.arguments));
  }
  write_file_if_changed(folder_.image_record(), record.to_text());
  if (folder_.lacks_inspection_files()) {
    // What stands on the config runs once more, and makes them.
    write_file(folder_.config(), record.config_digest + "\n");
  } else {
    write_file_if_changed(folder_.config(), record.config_digest + "\n");
  }
  write_file_if_changed(folder_.identity(), record.identity + "\n");
  if (previous_) drop_superseded(*engine_, folder_, *previous_, record, image_.keep_images);
  return {outcome, std::move(record)};
}

void Build::announce(const BuildReport& report, const Stopwatch& watch) const {
  progress_.line(fmt::format("built '{}' in {}, {}{}", image_.title(),
                             format_seconds(watch.seconds()), format_bytes(report.record.size),
                             report.outcome == BuildOutcome::kept ? ": same content, kept" : ""));
}

}  // namespace

BuildReport build_image(const ImageFolder& folder, const BuildOptions& options,
                        const engine::Opener& open) {
  return Build(folder, options, open).run();
}

}  // namespace cairn::stack
