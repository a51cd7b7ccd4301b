// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/proof.hpp"

#include "base/error.hpp"

#include <fmt/core.h>

namespace cairn::stack {

engine::ImageInfo prove(engine::Engine& engine, const BuildDescription& image,
                        const std::string& engine_id, const BoundBase* base) {
  const auto built = engine.inspect(engine_id);
  if (!built) throw Error("the engine built '" + engine_id + "', but does not have it");
  if (!(built->config.platform == image.platform)) {
    throw Error(fmt::format("'{}' was built for {} instead of {}", image.title(),
                            built->config.platform.to_string(), image.platform.to_string()));
  }
  if (base != nullptr && !oci::stands_on(built->config, base->config)) {
    throw Error(
        fmt::format("'{}' does not stand on '{}': its layers do not begin with that "
                    "image's",
                    image.title(), base->name));
  }
  return *built;
}

}  // namespace cairn::stack
