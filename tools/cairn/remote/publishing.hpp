// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "publish/release.hpp"
#include "remote/options.hpp"
#include "stack/release/description.hpp"

#include <memory>
#include <string>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): the name CLI11 has
class App;
}

namespace cairn::remote {

/// What the verbs have in common that speak to where releases go.
struct PublishingOptions {
  std::string build_dir = ".";
  std::string stack;            ///< of several in the build folder; empty: all of them
  std::vector<std::string> to;  ///< destinations in place of the declared ones
  RegistryOptions registry;
  PatienceOptions patience;
  double lease_settle = 5;  ///< seconds
  int ttl = 300;            ///< seconds
  int at_once = 4;
  bool json = false;

  void add_to(CLI::App& app);

  /// The stacks that are meant. Throws UserError when none is there.
  std::vector<stack::ReleaseDescription> descriptions() const;
  /// Of the command line and of what `described` says of registries: all of one build folder.
  registry::ClientOptions client_options(
      const std::vector<stack::ReleaseDescription>& described) const;
  /// `--to`, else `declared`, else where the declared names are. `client` must outlive them.
  std::vector<std::unique_ptr<publish::Destination>> destinations(
      const std::vector<std::string>& declared, registry::Client& client) const;
  /// With lines for people on standard error.
  publish::PublishOptions publish_options() const;
};

}  // namespace cairn::remote
