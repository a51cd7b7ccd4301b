// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "archive/compressor.hpp"
#include "engine/engine.hpp"
#include "oci/digest.hpp"
#include "stack/export/compose.hpp"
#include "store/layer_map.hpp"
#include "store/store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// What is to come out of an engine.
struct ExpectedImage {
  std::string title;                    ///< for messages
  std::string engine_id;                ///< what the engine is asked for
  std::optional<oci::Digest> document;  ///< containerd store: the manifest or index it is known by
  oci::Digest config_digest;            ///< what the image is
  std::vector<store::Layer> known;      ///< its layers that the store has
};

/// What came out and is in the store now.
struct SavedImage {
  std::string config;  ///< the config's own bytes; they have the digest expected
  ConfigFamily family = ConfigFamily::docker;
  std::vector<store::Layer> layers;  ///< bottom first
  /// The manifest by which a containerd store knows the image; elsewhere nothing.
  std::optional<std::string> engine_manifest;
  std::size_t compressed = 0;  ///< layers that the store did not have
};

/// Saves an image from the engine into the store, in one pass and little memory: layers are hashed
/// and compressed as they come, those that the store has are hashed only, those that the engine has
/// compressed are kept as they are. Throws Error when the config is not the one expected or the
/// layers are not those that it names.
SavedImage save_image(const store::Store& store, engine::Engine& engine,
                      const ExpectedImage& expected, archive::Compression compression);

/// rootfs.diff_ids of a config document. Throws Error when it is none.
std::vector<oci::Digest> diff_ids_of(const std::string& config, const std::string& title);

}  // namespace cairn::stack
