// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/saved_image.hpp"

#include "archive/byte_queue.hpp"
#include "archive/tar.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "stack/export/image_documents.hpp"
#include "stack/export/saved_files.hpp"

#include <fmt/core.h>

namespace cairn::stack {
namespace {

void read_saved(engine::Engine& engine, const std::string& id, SavedFiles& files) {
  archive::ByteQueue queue([&](const archive::ByteQueue::Push& push) { engine.save(id, push); });
  try {
    archive::read_tar([&] { return queue.next(); }, files);
  } catch (const Mistaken&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const UnreachableError&) {
    throw;
  } catch (const Error& error) {
    throw Error("saving '" + id + "': " + error.what());
  }
}

SavedImage checked(const SavedFiles& files, const ExpectedImage& expected) {
  const ImageDocuments documents = documents_of(files, expected);
  const oci::Digest digest = oci::Digest::of(documents.config);
  if (digest != expected.config_digest) {
    throw UserError("'" + expected.title + "' was saved with the config '" + digest.to_string() +
                        "' instead of '" + expected.config_digest.to_string() + "'",
                    "build it again: cairn build --force " + expected.title);
  }
  SavedImage image{documents.config, documents.family, {}, documents.manifest, files.compressed()};
  const std::vector<oci::Digest> wanted = diff_ids_of(documents.config, expected.title);
  const std::vector<std::string>& names = documents.layers;
  if (names.size() != wanted.size()) {
    throw Error(fmt::format("'{}' was saved with {} layers, its config names {}", expected.title,
                            names.size(), wanted.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto layer = files.layer(names[i]);
    if (!layer) throw Error(fmt::format("'{}' was saved without layer {}", expected.title, i + 1));
    if (layer->diff_id != wanted[i]) {
      throw Error(fmt::format("layer {} of '{}' was saved as '{}', its config says '{}'", i + 1,
                              expected.title, layer->diff_id.to_string(), wanted[i].to_string()));
    }
    image.layers.push_back(*layer);
  }
  return image;
}

}  // namespace

SavedImage save_image(const store::Store& store, engine::Engine& engine,
                      const ExpectedImage& expected, archive::Compression compression) {
  const LayerRules rules{compression, expected.document.has_value()};
  try {
    SavedFiles files(store, expected.known, rules);
    read_saved(engine, expected.engine_id, files);
    return checked(files, expected);
  } catch (const Mistaken&) {
    // Two layers of one size with one beginning, one of them new.
    SavedFiles files(store, {}, rules);
    read_saved(engine, expected.engine_id, files);
    return checked(files, expected);
  }
}

std::vector<oci::Digest> diff_ids_of(const std::string& config, const std::string& title) {
  const Json document = Json::parse(config, nullptr, false);
  const Json rootfs = document.is_object() ? document.value("rootfs", Json()) : Json();
  if (!rootfs.is_object() || !rootfs.value("diff_ids", Json()).is_array()) {
    throw Error("the config of '" + title + "' names no layers");
  }
  std::vector<oci::Digest> all;
  for (const std::string& diff_id : strings_or_empty(rootfs, "diff_ids"))
    all.push_back(oci::Digest::parse(diff_id));
  return all;
}

}  // namespace cairn::stack
