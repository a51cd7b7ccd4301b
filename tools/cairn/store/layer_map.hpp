// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::store {

/// A layer and the blob that holds it compressed.
struct Layer {
  oci::Digest diff_id;          ///< of the tar archive itself
  std::uint64_t diff_size = 0;  ///< bytes of the tar archive
  std::string head;             ///< 64 hex: SHA-256 of its first kHeadBytes
  std::string compression;      ///< gzip or zstd
  std::string made_by;          ///< isa-l, zlib, zstd, or engine
  oci::Digest digest;           ///< of the blob
  std::uint64_t size = 0;       ///< bytes of the blob

  bool operator==(const Layer&) const = default;
};

/// How much of a layer is looked at to tell which of those expected it may be.
constexpr std::size_t kHeadBytes = 65536;

/// Which blob holds which layer: a layer is compressed once in its life, and every image that has
/// it names the same blob for ever. The first entry wins, as long as its blob is there.
class LayerMap {
 public:
  explicit LayerMap(const Store& store) : store_(store) {}

  /// The layer's entry, when its blob is there with the right size; the blob is young then. A
  /// damaged entry counts as none.
  std::optional<Layer> find(const oci::Digest& diff_id, const std::string& compression) const;

  /// Enters `layer`, whose blob has been stored, and returns the entry that stands: another one,
  /// when another process was first.
  Layer record(const Layer& layer) const;

  /// Removes entries whose blobs are gone; returns how many.
  std::size_t prune() const;

 private:
  const Store& store_;
};

}  // namespace cairn::store
