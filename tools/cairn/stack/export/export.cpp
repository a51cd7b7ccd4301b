// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/export.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/lock.hpp"
#include "base/time.hpp"
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

// Docker's graph drivers and the docker-archives of podman and buildah hold configs of docker's
// family, and docker knows zstd layers from version 23 on only.
constexpr ConfigFamily kFamily = ConfigFamily::docker;
constexpr auto kCompression = archive::Compression::gzip;

ImageRecord read_image(const ImageFolder& folder, const BuildDescription& build) {
  if (const auto record = ImageRecord::read_if_present(folder.image_record())) return *record;
  throw UserError("'" + build.title() + "' is not built", folder.build_command());
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
        store_(stack_.store),
        map_(store_) {}

  ExportReport run();

 private:
  void export_parent();
  std::optional<SavedImage> stored_content() const;
  std::optional<store::Layer> stored_layer(const oci::Digest& diff_id, std::size_t index) const;
  SavedImage saved_content() const;
  ExportRecord compose(const SavedImage& content) const;

  const ImageFolder& folder_;
  const engine::Opener& open_;
  const std::function<void(const std::string&)>& say_;
  BuildDescription build_;
  ImageRecord image_;
  oci::Digest config_digest_;
  StackFile stack_;
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
  if (!all) {
    all = saved_content();
    saved = true;
  }
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
  const auto built_on =
      std::find_if(image_.parents.begin(), image_.parents.end(),
                   [&](const ParentRecord& p) { return p.target == image_.base; });
  if (built_on == image_.parents.end() || built_on->identity != parent_->identity) {
    throw UserError("'" + build_.title() + "' was built on another '" + image_.base +
                        "' than the one that is there now",
                    folder_.build_command());
  }
}

/// Everything from the store, when it has everything.
std::optional<SavedImage> Export::stored_content() const {
  std::optional<std::string> config;
  try {
    config = store_.read(config_digest_, store::kMostDocument);
  } catch (const store::BadBlob&) {
    // Gone now, and made again below.
  }
  if (!config || !store_.take(config_digest_, config->size())) return std::nullopt;
  SavedImage content{*config, {}, 0};
  for (const oci::Digest& diff_id : diff_ids_of(*config, build_.title())) {
    const auto layer = stored_layer(diff_id, content.layers.size());
    if (!layer) return std::nullopt;
    content.layers.push_back(*layer);
  }
  return content;
}

/// The parent's own blobs for the parent's layers: a registry that has the parent has them.
std::optional<store::Layer> Export::stored_layer(const oci::Digest& diff_id,
                                                 std::size_t index) const {
  if (parent_ && index < parent_->layers.size()) {
    const ExportedLayer& layer = parent_->layers[index];
    if (layer.diff_id == diff_id && store_.take(layer.blob.digest, layer.blob.size)) {
      return store::Layer{
          diff_id,        0, {}, archive::to_string(kCompression), layer.made_by, layer.blob.digest,
          layer.blob.size};
    }
  }
  return map_.find(diff_id, archive::to_string(kCompression));
}

SavedImage Export::saved_content() const {
  // There an ID is a manifest's digest, and layers are compressed already.
  if (image_.engine_id != image_.config_digest) {
    throw UserError("'" + build_.title() +
                        "' is in docker's containerd store, from which nothing is exported yet",
                    "turn the feature containerd-snapshotter off in docker's daemon.json, and "
                    "build it again");
  }
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
  SavedImage content = save_image(
      store_, *engine, {build_.title(), image_.engine_id, config_digest_, held->config.diff_ids},
      kCompression);
  for (std::size_t i = 0; i < content.layers.size(); ++i) {
    const auto layer = stored_layer(content.layers[i].diff_id, i);
    if (layer) content.layers[i] = *layer;
  }
  store_.put(content.config);
  return content;
}

ExportRecord Export::compose(const SavedImage& content) const {
  std::vector<ExportedLayer> layers;
  for (const store::Layer& layer : content.layers) {
    layers.push_back({{layer_media_type(kFamily, kCompression), layer.digest, layer.size, {}},
                      layer.diff_id,
                      layer.made_by});
  }
  if (parent_) require_stands_on(build_.title(), layers, *parent_);
  const oci::Descriptor config{
      config_media_type(kFamily), config_digest_, content.config.size(), {}};
  const auto annotations = annotations_of(image_, parent_ ? &*parent_ : nullptr);
  const store::StoredBlob manifest =
      store_.put(compose_manifest(kFamily, config, layers, annotations));
  return {image_.stack,
          image_.target,
          image_.image,
          image_.variant,
          image_.repository,
          image_.platform,
          image_.arch,
          image_.engine_id,
          image_.identity,
          {manifest_media_type(kFamily), manifest.digest, manifest.size, {}},
          config,
          layers,
          annotations,
          parent_ ? parent_->target : std::string(),
          parent_ ? parent_->manifest.digest.to_string() : std::string()};
}

}  // namespace

ExportReport export_image(const ImageFolder& folder, const engine::Opener& open,
                          const std::function<void(const std::string&)>& say) {
  return Export(folder, open, say).run();
}

}  // namespace cairn::stack
