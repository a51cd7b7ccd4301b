// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "archive/compressor.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace cairn::archive {

/// What a stream is compressed by whose first bytes (four are enough) are `head`; nothing for any
/// other stream.
std::optional<Compression> compression_of(std::string_view head);

/// Unpacks a stream in little memory.
class Decompressor {
 public:
  virtual ~Decompressor() = default;
  /// Throws Error for bytes that are not of the format.
  virtual void write(std::string_view bytes) = 0;
  /// Throws Error when the stream ends too early; the object must not be used afterwards.
  virtual void finish() = 0;
};

/// gzip (RFC 1952) of any number of members, or zstd (RFC 8878) of any number of frames: engines
/// that compress on several cores write many.
std::unique_ptr<Decompressor> make_decompressor(Compression compression, ByteSink sink);

}  // namespace cairn::archive
