// SPDX-License-Identifier: BSD-3-Clause
#include "remote/options.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <memory>

namespace cairn::remote {

std::chrono::milliseconds milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<long>(seconds * 1000));
}

void RegistryOptions::add_to(CLI::App& app) {
  app.add_option("--ca-bundle", ca_bundle, "CA certificates to trust instead of the system's");
  app.add_option("--plain-http", plain_http, "Registry host to speak to without TLS")
      ->allow_extra_args(false);
}

RegistryOptions RegistryOptions::with(const std::string& declared_bundle,
                                      const std::vector<std::string>& declared_hosts) const {
  RegistryOptions all = *this;
  if (all.ca_bundle.empty()) all.ca_bundle = declared_bundle;
  all.plain_http.insert(all.plain_http.end(), declared_hosts.begin(), declared_hosts.end());
  return all;
}

registry::ClientOptions RegistryOptions::client_options() const {
  registry::ClientOptions options;
  options.transport.ca_file = ca_bundle;
  options.plain_http = plain_http;
  options.rates = std::make_shared<registry::RateLimits>(registry::default_rates());
  return options;
}

void PatienceOptions::add_to(CLI::App& app) {
  app.add_option("--attempts", attempts, "Times that a request is made before it has failed")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--rate", rate, "Requests a minute to a registry that answered 429")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000000));
  const auto seconds = [&](const char* name, double& value, const char* what) {
    app.add_option(name, value, what)->capture_default_str()->check(CLI::Range(0.0, 3600.0));
  };
  seconds("--pause", pause,
          "Seconds before the second attempt; each further pause is twice as long");
  seconds("--longest-pause", longest, "Seconds that a pause takes at most, a Retry-After included");
  seconds("--stall", stall, "Seconds without a byte after which a request is given up");
  seconds("--settle", settle, "Seconds that what was just pushed may read as absent");
}

void PatienceOptions::apply(registry::ClientOptions& options) const {
  registry::RateLimits::Options rates = registry::default_rates();
  rates.after_429 = rate;
  options.rates = std::make_shared<registry::RateLimits>(std::move(rates));
  options.retry.attempts = attempts;
  options.retry.base = milliseconds(pause);
  options.retry.longest = milliseconds(longest);
  options.transport.stall_seconds = std::max(1L, static_cast<long>(stall));
}

}  // namespace cairn::remote
