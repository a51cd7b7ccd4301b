// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace cairn::oci {

/// A content digest (image-spec, descriptor.md "Digests"); of the registered algorithms only
/// sha256, which every registry and engine uses.
class Digest {
 public:
  /// Throws UserError: `invalid digest 'x': expected 'sha256:' and 64 lower-case hex digits`.
  static Digest parse(std::string_view text);
  /// The digest of `bytes`.
  static Digest of(std::string_view bytes);

  const std::string& hex() const { return hex_; }
  std::string to_string() const { return "sha256:" + hex_; }

  auto operator<=>(const Digest&) const = default;  // NOLINT(modernize-use-nullptr): clang-tidy 14

 private:
  explicit Digest(std::string hex) : hex_(std::move(hex)) {}
  std::string hex_;
};

}  // namespace cairn::oci
