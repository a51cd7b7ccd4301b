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

}  // namespace

Proof::Proof(engine::Engine& engine) : engine_(engine) {
  for (const engine::ListedImage& image : engine.list())
    held_before_.insert(image.id);
}

engine::ImageInfo Proof::of(const BuildDescription& image, const std::string& engine_id,
                            const BoundBase* base) const {
  auto built = engine_.inspect(engine_id);
  if (!built) throw Error("the engine built '" + engine_id + "', but does not have it");
  const std::string fault = fault_of(*built, image, base);
  if (fault.empty()) return std::move(*built);
  remove_if_new(built->id);
  throw Error(fault);
}

// No record will name it: nobody but a prune would find it again.
void Proof::remove_if_new(const std::string& engine_id) const {
  if (held_before_.count(engine_id) != 0) return;
  try {
    remove_unless_named(engine_, engine_id);
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    // What is wrong with the image says more than why it cannot be removed.
  }
}

}  // namespace cairn::stack
