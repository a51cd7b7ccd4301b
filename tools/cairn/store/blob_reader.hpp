// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "base/sha256.hpp"
#include "oci/digest.hpp"
#include "store/folder.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace cairn::store {

/// A stored blob whose bytes are not of its digest, or too few or too many. It has been removed, so
/// that it is made again.
class BadBlob : public Error {
 public:
  BadBlob(const oci::Digest& digest, const std::string& what);
};

/// Reads a blob and checks it on the way: whoever has seen the end has seen bytes of `digest`.
class BlobReader {
 public:
  /// `fd`: of the file in `blobs`, which outlives the reader. Throws BadBlob at once when the file
  /// is not `size` bytes long.
  BlobReader(const Folder& blobs, FileDescriptor fd, const oci::Digest& digest, std::uint64_t size);

  /// Up to `buffer.size()` next bytes; 0 at the end, which is only reported when all were right.
  /// Throws BadBlob otherwise.
  std::size_t read(std::span<char> buffer);

  std::uint64_t size() const { return size_; }

 private:
  [[noreturn]] void refuse(const std::string& what);

  const Folder& blobs_;
  FileDescriptor fd_;
  oci::Digest digest_;
  std::uint64_t size_;
  Sha256 hash_;
  bool ended_ = false;
};

}  // namespace cairn::store
