// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/layout.hpp"
#include "registry/blob_source.hpp"

#include <memory>
#include <string>

namespace cairn::registry {

/// An image layout as a place to push from. `layout` must outlive it.
class LayoutSource : public BlobSource {
 public:
  explicit LayoutSource(const oci::Layout& layout) : layout_(layout) {}

  std::string name() const override { return layout_.name(); }
  std::unique_ptr<Reader> open(const oci::Descriptor& blob, std::uint64_t offset) override;

 private:
  const oci::Layout& layout_;
};

}  // namespace cairn::registry
