// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/import.hpp"

#include "archive/tar.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"

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

std::string layer_name(const ExportedLayer& layer) {
  return layer.diff_id.hex() + ".tar";
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
  const std::string config = record.config.digest.hex() + ".json";
  Json layers = Json::array();
  std::set<std::string> written;
  copy_blob(store, record.config, config, tar);
  for (const ExportedLayer& layer : record.layers) {
    const std::string name = layer_name(layer);
    layers.push_back(name);
    if (written.insert(name).second) copy_blob(store, layer.blob, name, tar);
  }
  const std::string manifest = canonical_json(
      Json::array({{{"Config", config}, {"RepoTags", nullptr}, {"Layers", layers}}}));
  tar.begin_file("manifest.json", manifest.size());
  tar.write(manifest);
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
  // The ID that a containerd store gives; everywhere else the ID is the config's digest.
  auto image = engine->inspect(record->engine_id);
  const std::string config = record->config.digest.to_string();
  if (!image) image = engine->inspect(config);
  const bool loaded = !image;
  if (loaded) {
    engine->load(
        [&](const engine::OutputSink& sink) { write_image_archive(store, *record, sink); });
    image = engine->inspect(config);
  }
  if (!image || image->config_digest != config) {
    throw Error("the engine does not have '" + build.title() + "' after it loaded it: expected '" +
                config + "'");
  }
  set_names(*engine, folder, build, *record, image->id);
  return {build.target, image->id, loaded};
}

}  // namespace cairn::stack
