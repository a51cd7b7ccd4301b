// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/sha256.hpp"
#include "oci/digest.hpp"
#include "store/folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::store {

/// A blob as it is stored: what its bytes hash to, and how many they are.
struct StoredBlob {
  oci::Digest digest;
  std::uint64_t size = 0;
};

/// Takes a blob's bytes as they come, hashes them, and makes the blob appear whole under its digest
/// by rename. What is not committed leaves nothing that could be taken for a blob; what a killed
/// process leaves in `incoming` carries no lock and goes with the next gc.
///
/// The bytes are not synced to the disk: after a power cut a blob may be short, which its size
/// tells, or wrong, which its digest tells; both are found and made again.
class BlobWriter {
 public:
  /// `incoming` and `blobs` outlive the writer.
  BlobWriter(const Folder& incoming, const Folder& blobs);
  ~BlobWriter();
  BlobWriter(const BlobWriter&) = delete;
  BlobWriter& operator=(const BlobWriter&) = delete;

  /// Throws Error on a full disk.
  void write(std::string_view bytes);

  /// Puts the blob in its place. Throws Error, and stores nothing, when the bytes are not of
  /// `expected`.
  StoredBlob commit(const std::optional<oci::Digest>& expected = {});

 private:
  const Folder& incoming_;
  const Folder& blobs_;
  std::string name_;
  FileDescriptor fd_;
  Sha256 hash_;
  std::uint64_t size_ = 0;
};

}  // namespace cairn::store
