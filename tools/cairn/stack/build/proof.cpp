// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/proof.hpp"

#include "base/error.hpp"
#include "stack/build/superseded.hpp"

#include <fmt/core.h>

namespace cairn::stack {
namespace {

/// What is wrong with `built`; empty when nothing is.
std::string fault_of(const engine::ImageInfo& built, const BuildDescription& image,
                     const BoundBase* base) {
  if (!(built.config.platform == image.platform)) {
    return fmt::format("'{}' was built for {} instead of {}", image.title(),
                       built.config.platform.to_string(), image.platform.to_string());
  }
  if (base != nullptr && !oci::stands_on(built.config, base->config)) {
    return fmt::format("'{}' does not stand on '{}': its layers do not begin with that image's",
                       image.title(), base->name);
  }
  return {};
}

// No record will name it: nobody but a prune would find it again.
void remove_failed(engine::Engine& engine, const std::string& engine_id) {
  try {
    remove_unless_named(engine, engine_id);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    // What is wrong with the image says more than why it cannot be removed.
  }
}

}  // namespace

engine::ImageInfo prove(engine::Engine& engine, const BuildDescription& image,
                        const std::string& engine_id, const BoundBase* base) {
  auto built = engine.inspect(engine_id);
  if (!built) throw Error("the engine built '" + engine_id + "', but does not have it");
  const std::string fault = fault_of(*built, image, base);
  if (fault.empty()) return std::move(*built);
  remove_failed(engine, built->id);
  throw Error(fault);
}

}  // namespace cairn::stack
