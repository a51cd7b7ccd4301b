// SPDX-License-Identifier: BSD-3-Clause
#include "engine/storage.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/sha256.hpp"

namespace cairn::engine {
namespace {

std::string base64(std::string_view text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t i = 0; i < text.size(); i += 3) {
    const std::string_view three = text.substr(i, 3);
    unsigned bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = (bits << 8U) | (k < three.size() ? static_cast<unsigned char>(three[k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out += k <= three.size() ? kDigits[(bits >> (18U - 6U * k)) & 63U] : '=';
    }
  }
  return out;
}

}  // namespace

std::string graph_root_of(const Endpoint& endpoint) {
  const std::vector<std::string>& flags = endpoint.global_flags;
  for (std::size_t i = 0; i < flags.size(); ++i) {
    if (flags[i] == "--root" && i + 1 < flags.size()) return flags[i + 1];
    if (flags[i].rfind("--root=", 0) == 0) return flags[i].substr(7);
  }
  return endpoint.identity;
}

std::optional<Json> stored_config(const std::filesystem::path& graph_root, const std::string& id) {
  const std::string hex = id.substr(id.find(':') + 1);
  // `<driver>-images/<ID>/=<base64 of the blob's digest>`.
  const std::string file = "=" + base64("sha256:" + hex);
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(graph_root, code)) {
    const std::string folder = entry.path().filename();
    if (folder.size() < 7 || folder.substr(folder.size() - 7) != "-images") continue;
    try {
      const std::optional<std::string> bytes = read_file_if_present(entry.path() / hex / file);
      if (!bytes || sha256_hex(*bytes) != hex) continue;
      Json config = Json::parse(*bytes, nullptr, false);
      if (config.is_object()) return config;
    } catch (const Error&) {
      // Unreadable is as good as absent: the engine is asked instead.
    }
  }
  return std::nullopt;
}

}  // namespace cairn::engine
