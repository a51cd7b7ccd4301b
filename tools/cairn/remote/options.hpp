// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/client.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name CLI11 has
class App;
}

namespace cairn::remote {

/// What every verb that speaks to registries can be told about them.
struct RegistryOptions {
  std::string ca_bundle;
  std::vector<std::string> plain_http;

  void add_to(CLI::App& app);
  /// Adds what a release description says: hosts besides those of the command line, certificates
  /// where that names none.
  RegistryOptions with(const std::string& declared_bundle,
                       const std::vector<std::string>& declared_hosts) const;
  /// With the rates that all processes of the user share.
  registry::ClientOptions client_options() const;
};

std::chrono::milliseconds milliseconds(double seconds);

/// How patient a verb is that moves much.
struct PatienceOptions {
  int attempts = 5;
  int rate = 300;  ///< requests a minute to a host that has answered 429
  double pause = 0.5, longest = 30, stall = 60, settle = 10;  ///< seconds

  void add_to(CLI::App& app);
  void apply(registry::ClientOptions& options) const;
};

}  // namespace cairn::remote
