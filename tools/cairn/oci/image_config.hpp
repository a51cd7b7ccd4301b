// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/platform.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::oci {

/// A healthcheck as docker's config holds it; times in nanoseconds.
struct Healthcheck {
  std::vector<std::string> test;  ///< `CMD …`, `CMD-SHELL …` or `NONE`
  long long interval = 0;
  long long timeout = 0;
  long long start_period = 0;
  int retries = 0;
};

/// What of an image's config decides what the image *is*: the whitelist of exactness rule 3.
struct ImageConfig {
  Platform platform;
  std::vector<std::string> diff_ids;  ///< rootfs.diff_ids, bottom first
  std::string user;
  std::vector<std::string> env;  ///< in order, `K=V`
  std::vector<std::string> entrypoint;
  std::vector<std::string> cmd;
  std::string working_dir;
  std::vector<std::string> exposed_ports;     ///< sorted
  std::vector<std::string> volumes;           ///< sorted
  std::map<std::string, std::string> labels;  ///< builders' own (io.buildah.version) left out
  std::string stop_signal;
  std::vector<std::string> shell;
  std::optional<Healthcheck> healthcheck;
  std::vector<std::string> on_build;

  /// Reads docker's `GET /images/X/json`, the Docker part of `buildah inspect`, or an OCI or
  /// docker config document: the members have the same names in all of them.
  static ImageConfig from_json(const nlohmann::json& document);
};

/// 64 hex digits: SHA-256 over the canonical JSON of every member above, with a format version.
std::string content_identity(const ImageConfig& config);

/// Whether `child`'s diff IDs begin with all of `parent`'s.
bool stands_on(const ImageConfig& child, const ImageConfig& parent);

}  // namespace cairn::oci
