// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/layout.hpp"
#include "registry/blob_source.hpp"
#include "registry/push.hpp"

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace cairn::publish {

/// Copies images and indexes from a source into a layout, verified as they come: blobs first, then
/// documents, a child before what names it. Blobs that are there in their size are kept.
class LayoutPush {
 public:
  LayoutPush(const oci::Layout& layout, registry::BlobSource& source)
      : layout_(layout), source_(source) {}

  /// Throws Error for what neither has, and for a source that lies.
  void add(const oci::Descriptor& root) { plan(root, 0); }
  registry::PushReport run(int at_once);

 private:
  struct Document {
    oci::Descriptor descriptor;
    std::string bytes;
  };
  void plan(const oci::Descriptor& descriptor, int depth);
  std::string read(const oci::Descriptor& descriptor);
  void copy(const oci::Descriptor& blob);

  const oci::Layout& layout_;
  registry::BlobSource& source_;
  std::set<oci::Digest> planned_;
  std::vector<Document> documents_;  ///< that the layout lacks, children first
  std::map<oci::Digest, oci::Descriptor> blobs_;
  std::mutex mutex_;  ///< of the report
  registry::PushReport report_;
};

/// The first of what `bytes`, a manifest or index, names that is not in the layout.
std::optional<oci::Descriptor> first_missing(const oci::Layout& layout, const std::string& bytes,
                                             const std::string& media_type,
                                             const std::string& where);

}  // namespace cairn::publish
