// SPDX-License-Identifier: BSD-3-Clause
#include "stack/model/description.hpp"

#include "base/lock.hpp"
#include "base/sha256.hpp"
#include "stack/model/document.hpp"

namespace cairn::stack {
namespace {

std::vector<Parent> read_parents(const Json& object, const std::string& where) {
  std::vector<Parent> parents;
  for (const Json& item : object.value("parents", Json::array())) {
    parents.push_back({require_string(item, "target", where),
                       require_string(item, "directory", where),
                       require_string(item, "repository", where), string_or(item, "variant", "")});
  }
  return parents;
}

std::vector<Generated> read_generated(const Json& object, const std::string& where) {
  std::vector<Generated> all;
  for (const Json& item : object.value("generated", Json::array())) {
    all.push_back({require_string(item, "from", where), string_or(item, "into", "")});
  }
  return all;
}

StackFile parse_stack(const Json& object, const std::string& where) {
  StackFile file;
  file.stack = require_string(object, "stack", where);
  file.engine_file = require_string(object, "engine", where);
  file.index = require_string(object, "index", where);
  file.store = require_string(object, "store", where);
  file.lock = string_or(object, "lock", "");
  file.engine_files = string_map_or_empty(object, "engines");
  file.images = strings_or_empty(object, "images");
  file.elsewhere = strings_or_empty(object, "elsewhere");
  file.compression = string_or(object, "compression", "gzip");
  for (const Json& item : object.value("members", Json::array())) {
    file.members.push_back({require_string(item, "repository", where),
                            string_or(item, "variant", ""), require_string(item, "target", where)});
  }
  return file;
}

BuildDescription parse_image(const Json& object, const std::string& where) {
  BuildDescription image;
  image.stack = require_string(object, "stack", where);
  image.target = require_string(object, "target", where);
  image.image = require_string(object, "image", where);
  image.variant = string_or(object, "variant", "");
  image.repository = require_string(object, "repository", where);
  image.registry = string_or(object, "registry", "");
  image.owner = string_or(object, "owner", "");
  image.platform = oci::Platform::parse(require_string(object, "platform", where));
  image.native = bool_or(object, "native", true);
  image.stack_file = require_string(object, "stack_file", where);
  image.context = require_string(object, "context", where);
  image.dockerfile = require_string(object, "dockerfile", where);
  image.stage = string_or(object, "stage", "");
  image.parents = read_parents(object, where);
  image.is_parent = bool_or(object, "is_parent", false);
  image.build_args = string_map_or_empty(object, "build_args");
  image.labels = string_map_or_empty(object, "labels");
  image.secrets = string_map_or_empty(object, "secrets");
  image.ssh = strings_or_empty(object, "ssh");
  image.network = string_or(object, "network", "");
  image.added_hosts = strings_or_empty(object, "added_hosts");
  image.flags = strings_or_empty(object, "flags");
  image.refresh = string_or(object, "refresh", "never");
  image.normalize_modes = bool_or(object, "normalize_modes", false);
  image.reproducible = bool_or(object, "reproducible", false);
  image.generated = read_generated(object, where);
  image.generated_context = string_or(object, "source", "source-tree") == "generated";
  image.keep_images = int_or(object, "keep_images", 1);
  image.build_slots = int_or(object, "build_slots", 2);
  image.declared_at = string_or(object, "declared_at", "");
  return image;
}

}  // namespace

StackFile StackFile::read(const std::filesystem::path& path) {
  return read_document(path, "cairn/stack/1", WrittenBy::cmake, parse_stack);
}

const std::string& StackFile::engine_file_for(const std::string& arch) const {
  const auto own = engine_files.find(arch);
  return own == engine_files.end() ? engine_file : own->second;
}

std::filesystem::path StackFile::scan_lock() const {
  return lock_directory() / ("scan-" + sha256_hex(index).substr(0, 16));
}

BuildDescription BuildDescription::read(const std::filesystem::path& path) {
  return read_document(path, "cairn/build-description/1", WrittenBy::cmake, parse_image);
}

std::string BuildDescription::local_name() const {
  std::string tag;
  if (!native) tag += platform.arch_name() + "-";
  if (!variant.empty()) tag += variant + "-";
  return repository + ":" + tag + "latest";
}

std::string BuildDescription::engine_file_in(const StackFile& file) const {
  return file.engine_file_for(platform.arch_name());
}

std::string BuildDescription::title() const {
  return native ? target : target + " (" + platform.to_string() + ")";
}

}  // namespace cairn::stack
