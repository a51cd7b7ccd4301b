// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/sha256.hpp"
#include "oci/manifest.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cairn::registry {

/// Bytes that come in pieces.
class Reader {
 public:
  virtual ~Reader() = default;
  /// Writes up to `most` bytes (at least 1) to `buffer`; 0 at the end. Throws Error.
  virtual std::size_t read(char* buffer, std::size_t most) = 0;
};

/// A reader of `bytes` from `offset` on, which must outlive it.
std::unique_ptr<Reader> read_from(std::string_view bytes, std::uint64_t offset);

/// A place that holds blobs and manifests by digest: what is pushed is read from it, possibly more
/// than once and from several threads. Its bytes are not trusted: BlobStream verifies them.
class BlobSource {
 public:
  virtual ~BlobSource() = default;
  /// `'oci:/releases'`: how the place reads in a message.
  virtual std::string name() const = 0;
  /// The blob's bytes from `offset` on. Throws Error when there is no such blob.
  virtual std::unique_ptr<Reader> open(const oci::Descriptor& blob, std::uint64_t offset) = 0;
  /// Told when bytes that it gave were not the blob's, before that is thrown. It may throw itself
  /// what says more.
  virtual void note_bad(const oci::Descriptor& /*blob*/) {}
};

/// A blob on its way out. Each byte that leaves has been hashed, and the last ones leave only when
/// the whole is of the descriptor's digest and size: no lie of the source arrives whole.
class BlobStream {
 public:
  BlobStream(BlobSource& source, oci::Descriptor blob);

  /// A reader of `length` bytes from `offset` on. What lies before is read and hashed again unless
  /// it was the last that was read. Throws Error where the source lies or ends; a set `stop` ends
  /// it as well. One reader at a time.
  std::unique_ptr<Reader> range(std::uint64_t offset, std::uint64_t length,
                                const std::atomic<bool>* stop = nullptr);

  const oci::Descriptor& blob() const { return blob_; }

 private:
  class Range;
  std::size_t take(char* buffer, std::size_t most);
  void go_to(std::uint64_t offset);
  void check_end();
  [[noreturn]] void refuse(const std::string& why) const;

  BlobSource& source_;
  oci::Descriptor blob_;
  std::unique_ptr<Reader> reader_;
  Sha256 hash_;
  std::uint64_t position_ = 0;
};

/// The whole of a small blob, verified. Throws Error, also when it is larger than `most_bytes`.
std::string read_blob(BlobSource& source, const oci::Descriptor& blob, std::size_t most_bytes);

}  // namespace cairn::registry
