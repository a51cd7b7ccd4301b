// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../../support/tar_bytes.hpp"
#include "../../../support/unpacked.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"
#include "fake_stack.hpp"
#include "oci/manifest.hpp"
#include "stack/export/export.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"
#include "store/store.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace cairn::stack {

/// A layer: a tar archive that holds one file.
inline std::string layer_of(const std::string& file, const std::string& content) {
  return testing::tar_entry(file, content) + testing::tar_end();
}

inline std::string config_of(const std::vector<std::string>& layers,
                             const std::string& healthcheck = R"({"Test": ["NONE"]})") {
  Json diff_ids = Json::array();
  for (const std::string& layer : layers)
    diff_ids.push_back("sha256:" + sha256_hex(layer));
  // Blanks and order as no writer of ours would have them: the bytes must survive.
  return R"({ "os": "linux",  "architecture": "amd64", "config": {"Healthcheck": )" + healthcheck +
         R"(}, "rootfs": {"type": "layers", "diff_ids": )" + diff_ids.dump() + "} }";
}

/// What docker 20.10 saves: a folder a layer, in the order of random names; a layer that is there
/// twice is a link.
inline std::string saved_by_docker(const std::string& config,
                                   const std::vector<std::string>& layers) {
  Json names = Json::array();
  std::string bytes;
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string folder = std::string(1, static_cast<char>('z' - i)) + "0f";
    names.push_back(folder + "/layer.tar");
    std::string entries = testing::tar_entry(folder + "/", "", '5') +
                          testing::tar_entry(folder + "/VERSION", "1.0") +
                          testing::tar_entry(folder + "/json", "{\"id\":\"" + folder + "\"}");
    const auto first = std::find(seen.begin(), seen.end(), layers[i]);
    if (first == seen.end()) {
      entries += testing::tar_entry(folder + "/layer.tar", layers[i]);
    } else {
      const std::string other = names[static_cast<std::size_t>(first - seen.begin())];
      entries += testing::tar_entry(folder + "/layer.tar", "", '2', "../" + other);
    }
    seen.push_back(layers[i]);
    bytes.insert(0, entries);
  }
  const std::string config_name = sha256_hex(config) + ".json";
  const Json manifest = {{{"Config", config_name}, {"RepoTags", nullptr}, {"Layers", names}}};
  return bytes + testing::tar_entry(config_name, config) +
         testing::tar_entry("manifest.json", manifest.dump()) + testing::tar_end();
}

/// A stack whose images are built, as far as records and the engine say so.
class ExportTest : public ::testing::Test {
 protected:
  /// Declares `target`, which stands on `parent`, and has the engine hold it.
  void built(const std::string& target, const std::vector<std::string>& layers,
             const std::string& parent = "") {
    family.add(target, "FROM scratch\n",
               parent.empty() ? std::vector<std::string>() : std::vector{parent});
    compress_by(compression);
    const std::string config = config_of(layers, healthcheck);
    const std::string id = "sha256:" + sha256_hex(config);
    engine::ImageInfo info;
    info.id = info.config_digest = id;
    info.config_media_type = oci::kDockerConfig;
    info.config = oci::ImageConfig::from_json(Json::parse(config));
    family.world->images[id] = info;
    family.world->saves[id] = saved_by_docker(config, layers);
    ImageRecord record;
    record.stack = "family";
    record.target = record.image = target;
    record.repository = "quay.io/me/" + target;
    record.platform = "linux/amd64";
    record.arch = "x86_64";
    record.engine_id = record.config_digest = id;
    record.identity = oci::content_identity(info.config);
    record.build_key = record.input_key = record.source_key = std::string(64, '1');
    record.endpoint = "engine A";
    record.created = "2026-11-24T00:20:00Z";
    record.revision = "abc123";
    record.bound_name = "cairn.invalid/family/" + target + "-x86_64:1";
    if (!parent.empty()) {
      const auto on = ImageRecord::read(folder(parent).image_record());
      record.parents = {{parent, on.identity, on.config_digest, on.build_key}};
      record.base = parent;
    }
    write(record);
  }
  void write(const ImageRecord& record) {
    write_file(folder(record.target).image_record(), record.to_text());
  }
  ImageRecord image(const std::string& target) const {
    return ImageRecord::read(folder(target).image_record());
  }
  ImageFolder folder(const std::string& target) const { return {family.folder(target)}; }
  store::Store store() const { return store::Store(family.store()); }

  ExportReport exported(const std::string& target) {
    return export_image(folder(target), family.open, [](const std::string&) {});
  }
  /// What an export throws, with the stack's folder as `@`.
  std::string refusal(const std::string& target) {
    std::string text = testing::thrown_by([&] { exported(target); });
    const std::string path = family.root().string();
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
      text.replace(at, path.size(), "@");
    return text;
  }
  std::string blob(const oci::Digest& digest) const {
    return store().read(digest, 1U << 30U).value_or("(absent)");
  }
  /// The stack is declared with `COMPRESSION <by>`.
  void compress_by(const std::string& by) {
    compression = by;
    if (!std::filesystem::exists(family.stack_file())) return;
    Json object = Json::parse(read_file(family.stack_file()));
    object["compression"] = by;
    write_file(family.stack_file(), object.dump());
  }
  std::size_t saves() const { return family.world->calls_of("save").size(); }

  testing::FakeStack family;
  std::string compression = "gzip";
  std::string healthcheck = R"({"Test": ["NONE"]})";  ///< of what is built
  const std::string bottom = layer_of("bottom", "one");
  const std::string middle = layer_of("middle", "two");
  const std::string top = layer_of("top", "three");
};

}  // namespace cairn::stack
