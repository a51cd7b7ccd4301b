// SPDX-License-Identifier: BSD-3-Clause
#include "oci/image_config.hpp"

#include "base/json.hpp"
#include "base/sha256.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cairn::oci {
namespace {

// Documents differ in the case of their first letters (`Config` in docker's API, `config` in the
// OCI config) but not in names.
const Json* member(const Json& object, std::initializer_list<const char*> names) {
  if (!object.is_object()) return nullptr;
  for (const char* name : names) {
    const auto found = object.find(name);
    if (found != object.end() && !found->is_null()) return &*found;
  }
  return nullptr;
}

std::string text_of(const Json* value) {
  return value != nullptr && value->is_string() ? value->get<std::string>() : std::string();
}

std::vector<std::string> list_of(const Json* value) {
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get<std::string>()};
  std::vector<std::string> items;
  for (const Json& item : *value) {
    if (item.is_string()) items.push_back(item.get<std::string>());
  }
  return items;
}

std::vector<std::string> sorted_keys(const Json* value) {
  std::vector<std::string> keys;
  if (value != nullptr && value->is_object()) {
    for (const auto& [key, unused] : value->items())
      keys.push_back(key);
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool is_builders_own(const std::string& label) {
  return label == "io.buildah.version";
}

std::map<std::string, std::string> labels_of(const Json* value) {
  std::map<std::string, std::string> labels;
  if (value == nullptr || !value->is_object()) return labels;
  for (const auto& [key, text] : value->items()) {
    if (text.is_string() && !is_builders_own(key)) labels.emplace(key, text.get<std::string>());
  }
  return labels;
}

std::optional<Healthcheck> healthcheck_of(const Json* value) {
  if (value == nullptr) return std::nullopt;
  Healthcheck check;
  check.test = list_of(member(*value, {"Test"}));
  if (check.test.empty()) return std::nullopt;
  check.interval = number_at(*value, "Interval");
  check.timeout = number_at(*value, "Timeout");
  check.start_period = number_at(*value, "StartPeriod");
  check.retries = static_cast<int>(number_at(*value, "Retries"));
  return check;
}

Json to_json(const std::optional<Healthcheck>& check) {
  if (!check) return nullptr;
  return {{"test", check->test},
          {"interval", check->interval},
          {"timeout", check->timeout},
          {"start_period", check->start_period},
          {"retries", check->retries}};
}

}  // namespace

ImageConfig ImageConfig::from_json(const Json& document) {
  ImageConfig image;
  const std::string variant = text_of(member(document, {"Variant", "variant"}));
  const std::string os = text_of(member(document, {"Os", "OS", "os"}));
  const std::string architecture = text_of(member(document, {"Architecture", "architecture"}));
  image.platform = Platform::parse((os.empty() ? "linux" : os) + "/" +
                                   (architecture.empty() ? "unknown" : architecture) +
                                   (variant.empty() ? "" : "/" + variant));
  if (const Json* rootfs = member(document, {"RootFS", "rootfs"})) {
    image.diff_ids = list_of(member(*rootfs, {"Layers", "diff_ids"}));
  }
  const Json empty = Json::object();
  const Json* found = member(document, {"Config", "config"});
  const Json& config = found != nullptr ? *found : empty;
  image.user = text_of(member(config, {"User"}));
  image.env = list_of(member(config, {"Env"}));
  image.entrypoint = list_of(member(config, {"Entrypoint"}));
  image.cmd = list_of(member(config, {"Cmd"}));
  image.working_dir = text_of(member(config, {"WorkingDir"}));
  image.exposed_ports = sorted_keys(member(config, {"ExposedPorts"}));
  image.volumes = sorted_keys(member(config, {"Volumes"}));
  image.labels = labels_of(member(config, {"Labels"}));
  image.stop_signal = text_of(member(config, {"StopSignal"}));
  image.shell = list_of(member(config, {"Shell"}));
  const Json* check = member(config, {"Healthcheck"});
  // podman shows it beside Config.
  image.healthcheck = healthcheck_of(check != nullptr ? check : member(document, {"Healthcheck"}));
  image.on_build = list_of(member(config, {"OnBuild"}));
  return image;
}

std::string content_identity(const ImageConfig& config) {
  const Json whitelist = {{"format", "cairn-identity-1"},
                          {"os", config.platform.os},
                          {"architecture", config.platform.architecture},
                          {"variant", config.platform.variant},
                          {"diff_ids", config.diff_ids},
                          {"user", config.user},
                          {"env", config.env},
                          {"entrypoint", config.entrypoint},
                          {"cmd", config.cmd},
                          {"working_dir", config.working_dir},
                          {"exposed_ports", config.exposed_ports},
                          {"volumes", config.volumes},
                          {"labels", config.labels},
                          {"stop_signal", config.stop_signal},
                          {"shell", config.shell},
                          {"healthcheck", to_json(config.healthcheck)},
                          {"on_build", config.on_build}};
  return sha256_hex(canonical_json(whitelist));
}

bool stands_on(const ImageConfig& child, const ImageConfig& parent) {
  return child.diff_ids.size() >= parent.diff_ids.size() &&
         std::equal(parent.diff_ids.begin(), parent.diff_ids.end(), child.diff_ids.begin());
}

}  // namespace cairn::oci
