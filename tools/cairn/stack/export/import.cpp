// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/import.hpp"

#include "archive/tar.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "oci/manifest.hpp"
#include "stack/export/saved_files.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"

#include <algorithm>
#include <set>
#include <vector>

namespace cairn::stack {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} * 1024;

/// Copies a blob into the archive. It is checked while it is read, and the archive is never
/// finished when it is bad.
void copy_blob(const store::Store& store, const oci::Descriptor& blob, const std::string& name,
               archive::TarWriter& tar) {
  auto reader = store.open(blob.digest, blob.size);
  if (!reader) {
    throw UserError("blob '" + blob.digest.to_string() + "' is not in the store any more",
                    "make it again: cairn export");
  }
  tar.begin_file(name, blob.size);
  std::vector<char> buffer(kBuffer);
  while (const std::size_t got = reader->read(buffer)) {
    check_interrupted();
    tar.write({buffer.data(), got});
  }
}

bool is_oci(const ExportRecord& record) {
  return record.config.media_type == oci::kOciConfig;
}

/// docker's form is read by every engine, but not by podman and buildah for an OCI config; and a
/// containerd store knows an image by the manifest that it is given.
engine::ArchiveForm form_for(const ExportRecord& record) {
  return record.engine_manifest || is_oci(record) ? engine::ArchiveForm::oci
                                                  : engine::ArchiveForm::docker;
}

void write_text(const std::string& name, const std::string& text, archive::TarWriter& tar) {
  tar.begin_file(name, text.size());
  tar.write(text);
}

/// The image's files under the names that `name_of` gives them, and a manifest.json.
void write_files(const store::Store& store, const ExportRecord& record, archive::TarWriter& tar,
                 const std::string& config,
                 const std::function<std::string(const ExportedLayer&)>& name_of) {
  Json layers = Json::array();
  std::set<std::string> written;
  copy_blob(store, record.config, config, tar);
  for (const ExportedLayer& layer : record.layers) {
    const std::string name = name_of(layer);
    layers.push_back(name);
    if (written.insert(name).second) copy_blob(store, layer.blob, name, tar);
  }
  write_text("manifest.json",
             canonical_json(
                 Json::array({{{"Config", config}, {"RepoTags", nullptr}, {"Layers", layers}}})),
             tar);
}

/// The manifest by which the engine is to know the image: its own, so that the ID is the same
/// again, unless the store had other blobs for some of its layers before.
oci::Descriptor manifest_to_load(const store::Store& store, const ExportRecord& record) {
  if (!record.engine_manifest) return record.manifest;
  const auto text = store.read(record.engine_manifest->digest, store::kMostDocument);
  if (!text) return record.manifest;
  const auto layers = oci::parse_manifest(*text, "the engine's manifest").layers;
  const bool same =
      std::equal(layers.begin(), layers.end(), record.layers.begin(), record.layers.end(),
                 [](const oci::Descriptor& theirs, const ExportedLayer& ours) {
                   return theirs.digest == ours.blob.digest;
                 });
  return same ? *record.engine_manifest : record.manifest;
}

/// An image layout (image-spec, image-layout.md), in which docker's graph drivers find their
/// manifest.json as well.
void write_layout(const store::Store& store, const ExportRecord& record, archive::TarWriter& tar) {
  const oci::Descriptor manifest = manifest_to_load(store, record);
  write_text("oci-layout", R"({"imageLayoutVersion":"1.0.0"})", tar);
  copy_blob(store, manifest, blob_name(manifest.digest), tar);
  write_files(store, record, tar, blob_name(record.config.digest),
              [](const ExportedLayer& layer) { return blob_name(layer.blob.digest); });
  write_text("index.json",
             canonical_json({{"schemaVersion", 2},
                             {"mediaType", oci::kOciIndex},
                             {"manifests", Json::array({to_json(manifest)})}}),
             tar);
}

/// The image in the engine, by whatever the engine may know it: the ID that it had when it was
/// exported, its config, or the manifest or the name that an import gave it.
std::optional<engine::ImageInfo> held_image(engine::Engine& engine, const ExportRecord& record,
                                            const std::string& name, const std::string& loaded) {
  const std::string config = record.config.digest.to_string();
  for (const std::string& reference :
       {loaded, record.engine_id, config, record.manifest.digest.to_string(), name}) {
    if (reference.empty()) continue;
    const auto image = engine.inspect(reference);
    if (image && image->config_digest == config) return image;
  }
  return std::nullopt;
}

void set_names(engine::Engine& engine, const ImageFolder& folder, const BuildDescription& build,
               const ExportRecord& record, const std::string& id) {
  engine.tag(id, build.local_name());
  const auto image = ImageRecord::read_if_present(folder.image_record());
  if (image && image->identity == record.identity && !image->bound_name.empty()) {
    engine.tag(id, image->bound_name);
  }
}

}  // namespace

void write_image_archive(const store::Store& store, const ExportRecord& record,
                         const std::function<void(std::string_view)>& sink) {
  archive::TarWriter tar(sink);
  if (form_for(record) == engine::ArchiveForm::oci) {
    write_layout(store, record, tar);
  } else {
    write_files(store, record, tar, record.config.digest.hex() + ".json",
                [](const ExportedLayer& layer) { return layer.diff_id.hex() + ".tar"; });
  }
  tar.finish();
}

ImportReport import_image(const ImageFolder& folder, const engine::Opener& open) {
  const auto build = BuildDescription::read(folder.build_description());
  const auto record = ExportRecord::read_if_present(folder.export_record());
  if (!record) {
    throw UserError("'" + build.title() + "' was never exported",
                    "cairn export " + folder.path.string());
  }
  const auto stack = StackFile::read(build.stack_file);
  const store::Store store(stack.store);
  const auto held = store.hold();
  const auto engine = open(engine::Endpoint::read(build.engine_file_in(stack)));
  auto image = held_image(*engine, *record, build.local_name(), "");
  const bool loaded = !image;
  if (loaded) {
    const std::string id = engine->load(form_for(*record), [&](const engine::OutputSink& sink) {
      write_image_archive(store, *record, sink);
    });
    image = held_image(*engine, *record, build.local_name(), id);
  }
  if (!image) {
    throw Error("the engine does not have '" + build.title() + "' after it loaded it: expected '" +
                record->config.digest.to_string() + "'");
  }
  set_names(*engine, folder, build, *record, image->id);
  return {build.target, image->id, loaded};
}

}  // namespace cairn::stack
