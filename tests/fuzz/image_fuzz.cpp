// SPDX-License-Identifier: BSD-3-Clause
//
// What engines say of images, as JSON: it is read, or refused with an Error. The identity of a
// config does not depend on how often it is read.
#include "base/error.hpp"
#include "engine/image_json.hpp"
#include "fuzz/property.hpp"
#include "oci/image_config.hpp"

#include <cstdint>

namespace {

using cairn::Json;
using cairn::fuzz::require;

template <typename Read>
void refuse_or(const Read& read) {
  try {
    read();
  } catch (const cairn::Error&) {
    return;
  }
}

void check_config(const Json& document) {
  const auto config = cairn::oci::ImageConfig::from_json(document);
  const auto identity = cairn::oci::content_identity(config);
  require(identity.size() == 64, "an identity has 64 digits");
  require(identity == content_identity(cairn::oci::ImageConfig::from_json(document)),
          "an identity is the same each time");
  require(stands_on(config, config), "an image stands on itself");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Json document = Json::parse(data, data + size, nullptr, false);
  if (document.is_discarded()) {
    return 0;
  }
  refuse_or([&] { check_config(document); });
  refuse_or([&] { cairn::engine::docker_list(document); });
  refuse_or([&] { cairn::engine::podman_list(document); });
  refuse_or([&] { cairn::engine::buildah_list(document); });
  refuse_or([&] { cairn::engine::docker_image(document); });
  refuse_or([&] { cairn::engine::podman_image(document, document); });
  refuse_or([&] { cairn::engine::buildah_image(document); });
  return 0;
}
