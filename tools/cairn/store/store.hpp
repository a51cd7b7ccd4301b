// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/lock.hpp"
#include "oci/digest.hpp"
#include "store/blob_reader.hpp"
#include "store/blob_writer.hpp"
#include "store/folder.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::store {

/// A blob of the store as its folder lists it: not read, not checked.
struct ListedBlob {
  oci::Digest digest;
  std::uint64_t size = 0;
  std::int64_t modified = 0;  ///< seconds since 1970; reuse makes a blob young again
};

/// The store that build trees share (CAIRN_STORE): an OCI image layout (image-spec 1.1,
/// image-layout.md) in `oci/`, and beside it what Cairn knows of its blobs:
///
///     oci/oci-layout oci/index.json oci/blobs/sha256/<hex>
///     layers/<diff ID>.<compression>.json     which blob holds a layer (LayerMap)
///     roots/<hex>                             build trees whose records name blobs
///     incoming/                               blobs that are being written
///
/// Any number of processes may use one store. Blobs appear whole, by rename.
class Store {
 public:
  /// Opens the store in `root`, which is made when absent. Throws UserError when what is there is
  /// no image layout of version 1, or when a symbolic link stands in it.
  explicit Store(const std::filesystem::path& root);

  const std::filesystem::path& root() const { return root_.path(); }
  const Folder& layout() const { return layout_; }
  const Folder& blobs() const { return blobs_; }
  const Folder& layers() const { return layers_; }
  const Folder& roots() const { return roots_; }
  const Folder& incoming() const { return incoming_; }

  /// Keeps gc out while blobs are written or taken; waits for one that runs. `on_wait` is called
  /// once when it does.
  std::unique_ptr<SharedLock> hold(const std::function<void()>& on_wait = {}) const;
  /// The same for gc itself: nobody holds the store.
  std::unique_ptr<FileLock> hold_alone(const std::function<void()>& on_wait = {}) const;
  /// One process at a time makes the layers named `name`.
  std::filesystem::path lock_path(const std::string& name) const;

  /// Whether the blob is there with that size, and makes it young. One of another size is removed.
  bool take(const oci::Digest& digest, std::uint64_t size) const;
  std::optional<std::uint64_t> size_of(const oci::Digest& digest) const;
  std::filesystem::path path_of(const oci::Digest& digest) const;

  BlobWriter writer() const { return BlobWriter(incoming_, blobs_); }
  /// Stores bytes that are at hand.
  StoredBlob put(std::string_view bytes) const;

  /// Opens a blob; nothing when there is none. Throws BadBlob when it has not `size` bytes.
  std::optional<BlobReader> open(const oci::Digest& digest,
                                 std::optional<std::uint64_t> size = {}) const;
  /// The whole of a small blob, checked; nothing when there is none. Throws BadBlob, and Error when
  /// it is longer than `most_bytes`.
  std::optional<std::string> read(const oci::Digest& digest, std::uint64_t most_bytes) const;

  /// Every blob. Throws UserError for a file among them that is none.
  std::vector<ListedBlob> list() const;
  bool remove(const oci::Digest& digest) const;

 private:
  Folder root_;
  Folder layout_;
  Folder blobs_;
  Folder layers_;
  Folder roots_;
  Folder incoming_;
};

/// Configs and manifests are read whole; registries take manifests of 4 MiB
/// (distribution-spec, "Pushing Manifests").
constexpr std::uint64_t kMostDocument = std::uint64_t{4} << 20U;

}  // namespace cairn::store
