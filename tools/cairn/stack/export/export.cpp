// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/export.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/time.hpp"
#include "oci/manifest.hpp"
#include "stack/export/compose.hpp"
#include "stack/export/saved_image.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "store/layer_map.hpp"
#include "store/maintenance.hpp"
#include "store/store.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace cairn::stack {
namespace {

ImageRecord read_image(const ImageFolder& folder, const BuildDescription& build) {
  if (const auto record = ImageRecord::read_if_present(folder.image_record())) return *record;
  throw UserError("'" + build.title() + "' is not built", folder.build_command());
}

/// What an export wrote here before; a damaged record is written anew.
std::optional<ExportRecord> read_former(const ImageFolder& folder) {
  try {
    return ExportRecord::read_if_present(folder.export_record());
  } catch (const Error&) {
    return std::nullopt;
  }
}

class Export {
 public:
  Export(const ImageFolder& folder, const engine::Opener& open,
         const std::function<void(const std::string&)>& say)
      : folder_(folder),
        open_(open),
        say_(say),
        build_(BuildDescription::read(folder.build_description())),
        image_(read_image(folder, build_)),
        config_digest_(oci::Digest::parse(image_.config_digest)),
        stack_(StackFile::read(build_.stack_file)),
        compression_(archive::parse_compression(stack_.compression)),
        former_(read_former(folder)),
        store_(stack_.store),
        map_(store_) {
    if (former_ && former_->engine_id != image_.engine_id) former_.reset();
  }

  ExportReport run();

 private:
  void export_parent();
  /// A containerd store knows an image by its manifest; all others know it by its config.
  bool in_containerd_store() const { return image_.engine_id != image_.config_digest; }
  std::optional<oci::Digest> engine_document() const;
  std::optional<ConfigFamily> known_family(const std::optional<std::string>& manifest) const;
  std::optional<std::string> stored_document(const oci::Digest& digest) const;
  std::optional<SavedImage> stored_content() const;
  std::optional<SavedImage> stored_content(ConfigFamily family,
                                           std::optional<std::string> manifest) const;
  std::vector<archive::Compression> compressions_for(ConfigFamily family) const;
  std::optional<store::Layer> stored_layer(const oci::Digest& diff_id, std::size_t index,
                                           ConfigFamily family) const;
  std::vector<store::Layer> layers_to_expect(const std::vector<std::string>& diff_ids) const;
  SavedImage saved_content(bool& asked);
  void require_compression(ConfigFamily family) const;
  ExportedLayer exported_layer(const store::Layer& layer, ConfigFamily family) const;
  ExportRecord compose(const SavedImage& content) const;

  const ImageFolder& folder_;
  const engine::Opener& open_;
  const std::function<void(const std::string&)>& say_;
  BuildDescription build_;
  ImageRecord image_;
  oci::Digest config_digest_;
  StackFile stack_;
  archive::Compression compression_;
  std::optional<ExportRecord> former_;  ///< of the same image
  store::Store store_;
  store::LayerMap map_;
  std::optional<ExportRecord> parent_;
};

ExportReport Export::run() {
  const Stopwatch watch;
  export_parent();
  const auto waits = [&] { say_("'" + build_.title() + "' waits: the store is cleaned up"); };
  const auto held = store_.hold(waits);
  const FileLock alone(store_.lock_path("export-" + config_digest_.hex().substr(0, 16)),
                       build_.title(), {});
  // First the name of who needs the blobs, then the blobs.
  store::register_root(store_, build_.stack_file);
  bool saved = false;
  std::optional<SavedImage> all = stored_content();
  if (!all) all = saved_content(saved);
  ExportReport report{compose(*all), false, saved, all->compressed, 0};
  report.written = write_file_if_changed(folder_.export_record(), report.record.to_text());
  report.seconds = watch.seconds();
  return report;
}

/// Finds what the image stands on, if that is a member, and exports it.
void Export::export_parent() {
  const auto parent = std::find_if(build_.parents.begin(), build_.parents.end(),
                                   [&](const Parent& one) { return one.target == image_.base; });
  if (parent == build_.parents.end()) return;
  parent_ = export_image(ImageFolder{parent->directory}, open_, say_).record;
  const ParentRecord* const built_on = image_.base_parent();
  if (built_on == nullptr || built_on->identity != parent_->identity) {
    throw UserError("'" + build_.title() + "' was built on another '" + image_.base +
                        "' than the one that is there now",
                    folder_.build_command());
  }
}

/// The manifest or index by which a containerd store knows the image.
std::optional<oci::Digest> Export::engine_document() const {
  if (!in_containerd_store()) return std::nullopt;
  return oci::Digest::parse(image_.engine_id);
}

std::optional<std::string> Export::stored_document(const oci::Digest& digest) const {
  std::optional<std::string> text;
  try {
    text = store_.read(digest, store::kMostDocument);
  } catch (const store::BadBlob&) {
    // Gone now, and made again.
  }
  if (!text || !store_.take(digest, text->size())) return std::nullopt;
  return text;
}

/// What the engine said of the config, as far as that is known here.
std::optional<ConfigFamily> Export::known_family(const std::optional<std::string>& manifest) const {
  if (manifest) return family_of_config(oci::parse_manifest(*manifest, "").config.media_type);
  return former_ ? family_of_config(former_->config.media_type) : std::nullopt;
}

/// Everything from the store, when it has everything and nobody need be asked.
std::optional<SavedImage> Export::stored_content() const {
  std::optional<std::string> manifest;
  if (auto document = engine_document()) {
    if (former_ && former_->engine_manifest) document = former_->engine_manifest->digest;
    manifest = stored_document(*document);
    if (!manifest || oci::is_index_type(oci::media_type_of(*manifest, "", ""))) return std::nullopt;
  }
  const auto family = known_family(manifest);
  return family ? stored_content(*family, std::move(manifest)) : std::nullopt;
}

std::optional<SavedImage> Export::stored_content(ConfigFamily family,
                                                 std::optional<std::string> manifest) const {
  const auto config = stored_document(config_digest_);
  if (!config) return std::nullopt;
  SavedImage content{*config, family_of(*config, family), {}, std::move(manifest), 0};
  for (const oci::Digest& diff_id : diff_ids_of(*config, build_.title())) {
    const auto layer = stored_layer(diff_id, content.layers.size(), content.family);
    if (!layer) return std::nullopt;
    content.layers.push_back(*layer);
  }
  return content;
}

/// How the image's layers may be compressed, the wanted way first. A containerd store's layers are
/// compressed already, and stay as they are.
std::vector<archive::Compression> Export::compressions_for(ConfigFamily family) const {
  if (family == ConfigFamily::docker) return {archive::Compression::gzip};
  std::vector<archive::Compression> all{compression_};
  if (in_containerd_store()) {
    all.push_back(compression_ == archive::Compression::gzip ? archive::Compression::zstd
                                                             : archive::Compression::gzip);
  }
  return all;
}

/// The parent's own blobs for the parent's layers: a registry that has the parent has them.
std::optional<store::Layer> Export::stored_layer(const oci::Digest& diff_id, std::size_t index,
                                                 ConfigFamily family) const {
  if (parent_ && index < parent_->layers.size()) {
    const ExportedLayer& layer = parent_->layers[index];
    if (layer.diff_id == diff_id && store_.take(layer.blob.digest, layer.blob.size)) {
      const auto compression = archive::to_string(compression_of_layer(layer.blob.media_type));
      return store::Layer{diff_id,        0, {}, compression, layer.made_by, layer.blob.digest,
                          layer.blob.size};
    }
  }
  for (const archive::Compression compression : compressions_for(family)) {
    if (auto layer = map_.find(diff_id, archive::to_string(compression))) return layer;
  }
  return std::nullopt;
}

std::vector<store::Layer> Export::layers_to_expect(const std::vector<std::string>& diff_ids) const {
  std::vector<store::Layer> known;
  for (const std::string& diff_id : diff_ids) {
    for (const archive::Compression compression : compressions_for(ConfigFamily::oci)) {
      const auto layer = map_.find(oci::Digest::parse(diff_id), archive::to_string(compression));
      if (layer) known.push_back(*layer);
    }
  }
  return known;
}

/// From the engine what the store lacks; `asked`: for the image itself.
SavedImage Export::saved_content(bool& asked) {
  const auto engine = open_(engine::Endpoint::read(build_.engine_file_in(stack_)));
  const auto held = engine->inspect(image_.engine_id);
  if (!held) {
    throw UserError("'" + build_.title() + "' is not in the engine any more",
                    folder_.build_command());
  }
  if (held->config_digest != image_.config_digest) {
    throw UserError("'" + build_.title() + "' is '" + held->config_digest +
                        "' in the engine, its record says '" + image_.config_digest + "'",
                    "cairn build --force " + folder_.path.string());
  }
  if (const auto family = family_of_config(held->config_media_type)) {
    require_compression(*family);
    if (auto stored = stored_content(*family, std::nullopt)) return *stored;
  }
  asked = true;
  SavedImage content = save_image(store_, *engine,
                                  {build_.title(), image_.engine_id, engine_document(),
                                   config_digest_, layers_to_expect(held->config.diff_ids)},
                                  compression_);
  for (std::size_t i = 0; i < content.layers.size(); ++i) {
    const auto layer = stored_layer(content.layers[i].diff_id, i, content.family);
    if (layer) content.layers[i] = *layer;
  }
  store_.put(content.config);
  return content;
}

/// Whether layers may be compressed as the stack wants it.
void Export::require_compression(ConfigFamily family) const {
  const bool asked = compression_ == archive::Compression::zstd && !in_containerd_store();
  if (family == ConfigFamily::oci || !asked) return;
  throw UserError("'" + build_.title() + "' has a docker config, whose layers cannot be 'zstd'",
                  "build it and its parents with --format oci (podman, buildah), or take "
                  "COMPRESSION zstd out of add_docker_stack");
}

ExportedLayer Export::exported_layer(const store::Layer& layer, ConfigFamily family) const {
  const auto compression = archive::parse_compression(layer.compression);
  if (family == ConfigFamily::docker && compression == archive::Compression::zstd) {
    throw UserError(
        "layer '" + layer.digest.to_string() + "' of '" + build_.title() +
            "' is compressed by zstd already, which docker's manifests have no type for",
        "build it on a base whose layers are gzip");
  }
  return {{layer_media_type(family, compression), layer.digest, layer.size, {}},
          layer.diff_id,
          layer.made_by};
}

ExportRecord Export::compose(const SavedImage& content) const {
  require_compression(content.family);
  std::vector<ExportedLayer> layers;
  for (const store::Layer& layer : content.layers)
    layers.push_back(exported_layer(layer, content.family));
  if (parent_) require_stands_on(build_.title(), layers, *parent_);
  const oci::Descriptor config{
      config_media_type(content.family), config_digest_, content.config.size(), {}};
  const auto annotations = annotations_of(image_, parent_ ? &*parent_ : nullptr);
  const store::StoredBlob manifest =
      store_.put(compose_manifest(content.family, config, layers, annotations));
  ExportRecord record{image_.stack,
                      image_.target,
                      image_.image,
                      image_.variant,
                      image_.repository,
                      image_.platform,
                      image_.arch,
                      image_.engine_id,
                      image_.identity,
                      {manifest_media_type(content.family), manifest.digest, manifest.size, {}},
                      config,
                      layers,
                      annotations,
                      parent_ ? parent_->target : std::string(),
                      parent_ ? parent_->manifest.digest.to_string() : std::string()};
  if (content.engine_manifest) {
    const store::StoredBlob kept = store_.put(*content.engine_manifest);
    record.engine_manifest = oci::Descriptor{
        oci::media_type_of(*content.engine_manifest, "", ""), kept.digest, kept.size, {}};
  }
  return record;
}

}  // namespace

ExportReport export_image(const ImageFolder& folder, const engine::Opener& open,
                          const std::function<void(const std::string&)>& say) {
  return Export(folder, open, say).run();
}

}  // namespace cairn::stack
