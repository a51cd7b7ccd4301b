// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cairn::archive {

/// How layers are compressed.
enum class Compression { gzip, zstd };

std::string to_string(Compression compression);
/// The reverse of to_string. Throws Error for any other text.
Compression parse_compression(const std::string& text);

/// Takes bytes in pieces.
using ByteSink = std::function<void(std::string_view)>;

/// Compresses a stream in little memory. The same bytes give the same result, however they are cut
/// into pieces: headers hold neither time nor name nor system.
class Compressor {
 public:
  virtual ~Compressor() = default;
  virtual void write(std::string_view bytes) = 0;
  /// Writes what is left; the object must not be used afterwards.
  virtual void finish() = 0;
};

/// gzip (RFC 1952) by ISA-L where Cairn was built with it, else by zlib, or zstd (RFC 8878); at the
/// fast end of each. Layers are moved and unpacked far more often than their last percent counts.
std::unique_ptr<Compressor> make_compressor(Compression compression, ByteSink sink);

/// gzip by zlib, whatever else there is.
std::unique_ptr<Compressor> make_zlib_compressor(ByteSink sink);

/// What make_compressor compresses by: `isa-l`, `zlib` or `zstd`.
std::string compressor_name(Compression compression);

}  // namespace cairn::archive
