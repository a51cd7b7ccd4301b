// SPDX-License-Identifier: BSD-3-Clause
#include "release_family.hpp"

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "stack/export/compose.hpp"
#include "stack/inspect/inspection.hpp"
#include "stack/model/export_record.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/key_file.hpp"
#include "stack/model/test_record.hpp"
#include "store/store.hpp"

#include <algorithm>

namespace cairn::testing {
namespace {

namespace fs = std::filesystem;

constexpr const char* kCommit = "1f2e3d4c5b6a79880716253443526170f1e2d3c4";

std::string name_of(const FamilyImage& image) {
  return image.image.empty() ? image.target : image.image;
}

std::string repository_of(const FamilyImage& image) {
  return "quay.io/me/" + name_of(image);
}

void write_json(const fs::path& path, const Json& object) {
  write_file(path, pretty_json(object));
}

std::vector<FamilyProbe> probes_on(const FamilyImage& image, const std::string& platform) {
  std::vector<FamilyProbe> probes;
  for (const FamilyProbe& probe : image.probes) {
    if (probe.only_on.empty() || probe.only_on == platform) probes.push_back(probe);
  }
  return probes;
}

oci::Descriptor stored(const store::Store& store, const std::string& type,
                       const std::string& bytes) {
  const store::StoredBlob blob = store.put(bytes);
  return {type, blob.digest, blob.size, std::nullopt};
}

std::vector<stack::ExportedLayer> layers_of(const store::Store& store, const FamilyImage& image,
                                            const std::string& platform,
                                            const std::optional<stack::ExportRecord>& parent) {
  std::vector<stack::ExportedLayer> layers;
  if (parent) layers = parent->layers;
  const std::string content = image.target + " " + platform + " " + image.content;
  const auto type = layer_media_type(stack::ConfigFamily::docker, archive::Compression::gzip);
  layers.push_back({stored(store, type, "layer of " + content),
                    oci::Digest::of("unpacked layer of " + content), "zlib"});
  return layers;
}

std::string config_of(const oci::Platform& platform,
                      const std::vector<stack::ExportedLayer>& layers) {
  Json config = {{"os", platform.os},
                 {"architecture", platform.architecture},
                 {"rootfs", {{"type", "layers"}, {"diff_ids", Json::array()}}}};
  if (!platform.variant.empty()) config["variant"] = platform.variant;
  for (const stack::ExportedLayer& layer : layers)
    config["rootfs"]["diff_ids"].push_back(layer.diff_id.to_string());
  return config.dump();
}

stack::ImageRecord record_of(const FamilyImage& image, const oci::Platform& platform,
                             const std::string& config_digest,
                             const std::optional<stack::ImageRecord>& parent) {
  stack::ImageRecord record;
  record.stack = "family";
  record.target = image.target;
  record.image = name_of(image);
  record.variant = image.variant;
  record.repository = repository_of(image);
  record.platform = platform.to_string();
  record.arch = platform.arch_name();
  record.engine_id = record.config_digest = config_digest;
  record.identity = sha256_hex("identity of " + config_digest);
  record.build_key = sha256_hex("build key of " + config_digest);
  record.input_key = sha256_hex("input key of " + config_digest);
  record.source_key = sha256_hex("source of " + image.target + " " + image.content);
  record.endpoint = "engine of " + record.arch;
  record.created = image.created;
  record.size = 1000;
  record.revision = kCommit;
  if (parent) {
    record.parents = {{parent->target, parent->identity, parent->config_digest, parent->build_key}};
    record.base = parent->target;
  }
  return record;
}

void write_inspection(const stack::ImageFolder& folder, const FamilyImage& image,
                      const stack::ImageRecord& record) {
  const auto asked = stack::InspectDescription::read(folder.inspect_description());
  stack::Inspection inspection;
  inspection.target = image.target;
  inspection.config_digest = record.config_digest;
  inspection.platform = record.platform;
  inspection.description = asked.digest();
  const std::vector<FamilyProbe> probes = probes_on(image, record.platform);
  for (std::size_t i = 0; i < probes.size(); ++i) {
    stack::ProbeResult result{probes[i].name,
                              stack::Version::parse(probes[i].version),
                              {},
                              asked.probes[i].command,
                              image.target};
    result.tags = tags_of(asked.probes[i], result.version);
    inspection.tags.insert(inspection.tags.end(), result.tags.begin(), result.tags.end());
    inspection.probes.push_back(result);
  }
  write_file(folder.inspection(), inspection.to_text());
}

void write_tests(const stack::ImageFolder& folder, const FamilyImage& image,
                 const std::string& config_digest) {
  for (const std::string& test : image.tests) {
    stack::TestRecord record;
    record.target = image.target;
    record.test = test;
    record.kind = "command";
    record.status = stack::TestStatus::passed;
    record.config_digest = config_digest;
    record.test_key = sha256_hex("test " + test + " of " + config_digest);
    write_file(folder.test_record(test), record.to_text());
  }
}

}  // namespace

FamilyImage& ReleaseFamily::image(const std::string& target) {
  const auto found = std::find_if(images.begin(), images.end(),
                                  [&](const FamilyImage& one) { return one.target == target; });
  if (found == images.end()) throw Error("the family has no image '" + target + "'");
  return *found;
}

void ReleaseFamily::write() const {
  write_stack_file();
  write_release_file();
  for (const FamilyImage& image : images) {
    for (const std::string& platform : image.platforms)
      write_image(image, oci::Platform::parse(platform));
  }
}

fs::path ReleaseFamily::tree_of(const std::string& platform) const {
  const auto found = trees.find(platform);
  return root() / (found == trees.end() ? "build" : found->second) / "cairn";
}

stack::ImageFolder ReleaseFamily::folder(const std::string& target,
                                         const std::string& platform) const {
  return {tree_of(platform) / "images" / target / oci::Platform::parse(platform).arch_name()};
}

oci::Digest ReleaseFamily::manifest(const std::string& target, const std::string& platform) const {
  return stack::ExportRecord::read(folder(target, platform).export_record()).manifest.digest;
}

void ReleaseFamily::change(const fs::path& file, const Json& more) {
  Json object = read_json(file);
  object.update(more);
  write_json(file, object);
}

void ReleaseFamily::write_image(const FamilyImage& image, const oci::Platform& platform) const {
  const stack::ImageFolder here = folder(image.target, platform.to_string());
  const store::Store blobs(store());
  std::optional<stack::ImageRecord> parent;
  std::optional<stack::ExportRecord> below;
  if (!image.parent.empty()) {
    const stack::ImageFolder on = folder(image.parent, platform.to_string());
    parent = stack::ImageRecord::read(on.image_record());
    below = stack::ExportRecord::read(on.export_record());
  }
  const auto layers = layers_of(blobs, image, platform.to_string(), below);
  const auto family = stack::ConfigFamily::docker;
  const oci::Descriptor config =
      stored(blobs, config_media_type(family), config_of(platform, layers));
  const stack::ImageRecord record = record_of(image, platform, config.digest.to_string(), parent);
  const auto annotations = annotations_of(record, below ? &*below : nullptr);
  const oci::Descriptor manifest = stored(blobs, manifest_media_type(family),
                                          compose_manifest(family, config, layers, annotations));
  const stack::ExportRecord exported{record.stack,
                                     record.target,
                                     record.image,
                                     record.variant,
                                     record.repository,
                                     record.platform,
                                     record.arch,
                                     record.engine_id,
                                     record.identity,
                                     manifest,
                                     config,
                                     layers,
                                     annotations,
                                     image.parent,
                                     below ? below->manifest.digest.to_string() : ""};

  write_descriptions(image, platform);
  stack::KeyFile key;
  key.input = record.input_key;
  key.source = record.source_key;
  write_file(here.key(), key.to_text());
  write_file(here.image_record(), record.to_text());
  write_file(here.export_record(), exported.to_text());
  write_inspection(here, image, record);
  write_tests(here, image, record.config_digest);
}

void ReleaseFamily::write_descriptions(const FamilyImage& image,
                                       const oci::Platform& platform) const {
  const stack::ImageFolder here = folder(image.target, platform.to_string());
  Json build = {{"schema", "cairn/build-description/1"},
                {"stack", "family"},
                {"target", image.target},
                {"image", name_of(image)},
                {"variant", image.variant},
                {"repository", repository_of(image)},
                {"platform", platform.to_string()},
                {"native", true},
                {"stack_file", (tree_of(platform.to_string()) / "family.stack.json").string()},
                {"context", (root() / "source").string()},
                {"dockerfile", (root() / "source/Dockerfile").string()},
                {"parents", Json::array()}};
  if (!image.parent.empty()) {
    build["parents"].push_back(
        {{"target", image.parent},
         {"directory", folder(image.parent, platform.to_string()).path.string()},
         {"repository", "quay.io/me/" + image.parent}});
  }
  write_json(here.build_description(), build);
  Json inspect = {{"schema", "cairn/inspect-description/1"},
                  {"target", image.target},
                  {"probes", Json::array()}};
  for (const FamilyProbe& probe : probes_on(image, platform.to_string())) {
    inspect["probes"].push_back({{"name", probe.name},
                                 {"command", {probe.name, "--version"}},
                                 {"tags", probe.tags},
                                 {"from", image.target}});
  }
  write_json(here.inspect_description(), inspect);
  Json tests = Json::array();
  for (const std::string& test : image.tests)
    tests.push_back({{"name", test}, {"kind", "command"}, {"command", {"true"}}});
  write_json(here.test_description(),
             {{"schema", "cairn/test-description/1"}, {"target", image.target}, {"tests", tests}});
}

void ReleaseFamily::write_stack_file() const {
  std::map<fs::path, Json> folders;
  folders[build() / "cairn"] = Json::array();
  for (const FamilyImage& image : images) {
    for (const std::string& platform : image.platforms)
      folders[tree_of(platform)].push_back(folder(image.target, platform).path.string());
  }
  for (const auto& [tree, paths] : folders) {
    write_json(tree / "family.stack.json", {{"schema", "cairn/stack/1"},
                                            {"stack", "family"},
                                            {"engine", (tree / "engine.json").string()},
                                            {"index", (tree / "family.index").string()},
                                            {"store", store().string()},
                                            {"images", paths},
                                            {"members", Json::array()}});
  }
}

void ReleaseFamily::write_release_file() const {
  Json records = Json::array({(build() / "cairn").string()});
  for (const auto& [platform, tree] : trees)
    records.push_back((root() / tree / "cairn").string());
  Json all = Json::array();
  for (const FamilyImage& image : images) {
    if (!image.published) continue;
    Json entry = {{"target", image.target},
                  {"image", name_of(image)},
                  {"variant", image.variant},
                  {"repository", repository_of(image)},
                  {"platforms", image.platforms}};
    if (!image.skew.empty()) entry["skew"] = image.skew;
    if (!image.latest_by.empty()) entry["latest_by"] = image.latest_by;
    all.push_back(entry);
  }
  Json release = {{"schema", "cairn/release-description/1"},
                  {"stack", "family"},
                  {"stack_file", stack_file().string()},
                  {"store", store().string()},
                  {"source_dir", (root() / "source").string()},
                  {"root_repository", images.empty() ? "" : repository_of(images.front())},
                  {"tags", Json::array()},
                  {"records", records},
                  {"images", all}};
  release.update(description);
  write_json(release_file(), release);
}

}  // namespace cairn::testing
