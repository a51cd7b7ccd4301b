// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/external_base.hpp"

#include "stack/scan/image_scan.hpp"

namespace cairn::stack {

ExternalBase ExternalBase::of(const std::string& reference) {
  ExternalBase base;
  base.reference_ = oci::Reference::parse(reference);
  return base;
}

std::string ExternalBase::local_name() const {
  if (is_pinned() || !reference_.tag.empty()) return reference_.to_string();
  return reference_.to_string() + ":latest";
}

std::string ExternalBase::key_identity(EngineImages& images) const {
  if (is_pinned()) return reference_.digest;
  const std::string id = images.id_of(local_name());
  return id.empty() ? "absent" : images.identity_of(id);
}

std::string ExternalBase::key_identity(engine::Engine& engine) const {
  if (is_pinned()) return reference_.digest;
  const auto held = engine.inspect(local_name());
  return held ? oci::content_identity(held->config) : "absent";
}

}  // namespace cairn::stack
