// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cairn {

using Sha256Bytes = std::array<std::uint8_t, 32>;

/// SHA-256 (FIPS 180-4) over bytes as they come, by OpenSSL.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void update(std::string_view bytes);
  /// Adds the length as 8 bytes, then the bytes: fields cannot run into each other.
  void update_field(std::string_view bytes);
  /// The digest; the object must not be used afterwards.
  Sha256Bytes finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

std::string to_hex(const Sha256Bytes& bytes);

/// 64 lower-case hex digits of the SHA-256 of `bytes`.
std::string sha256_hex(std::string_view bytes);

/// SHA-256 of a file's content, read in pieces. Throws Error when it cannot be read.
Sha256Bytes sha256_file(const std::string& path);

}  // namespace cairn
