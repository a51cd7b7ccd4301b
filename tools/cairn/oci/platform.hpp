// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace cairn::oci {

/// An OCI platform (image-spec, image-index.md "platform"): `linux/amd64`, `linux/arm/v7`.
/// Normalised as containerd does: `linux/arm64/v8` is `linux/arm64`, `x86_64` is `amd64`.
struct Platform {
  std::string os;
  std::string architecture;
  std::string variant;

  /// Throws UserError: `invalid platform 'linux': expected OS/ARCHITECTURE[/VARIANT], as in
  /// 'linux/amd64'`.
  static Platform parse(std::string_view text);

  std::string to_string() const;  ///< `linux/arm/v7`
  std::string arch_name()
      const;  ///< how it reads in tags and presets: `x86_64`, `aarch64`, `armv7`

  auto operator<=>(const Platform&) const =
      default;  // NOLINT(modernize-use-nullptr): clang-tidy 14
};

/// The platform of the machine this runs on.
Platform host_platform();

}  // namespace cairn::oci
