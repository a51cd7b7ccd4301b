// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "engine/engine.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What engines say of images, as values. Every engine has its own spelling.
namespace cairn::engine {

/// `sha256:` put before an ID that has none.
std::string full_id(const std::string& id);

/// A name in its canonical form, `docker.io/library/debian:12`; one that is no reference as it is.
std::string canonical_name(const std::string& name);

/// Bytes of `769 KB` or `1.94 GB` (decimal units, as buildah prints them); 0 for anything else.
std::uint64_t parse_size(std::string_view text);

/// `GET /images/json`.
std::vector<ListedImage> docker_list(const Json& images);
/// `podman images --format json`.
std::vector<ListedImage> podman_list(const Json& images);
/// `buildah images --json --no-trunc`.
std::vector<ListedImage> buildah_list(const Json& images);

/// `GET /images/X/json`. `config_digest` is the ID, which a containerd store must put right.
ImageInfo docker_image(const Json& image);
/// One item of `podman image inspect`, with the config document of the image.
ImageInfo podman_image(const Json& image, const Json& config);
/// `buildah inspect --type image`; names and size are not in it.
ImageInfo buildah_image(const Json& image);

}  // namespace cairn::engine
