// SPDX-License-Identifier: BSD-3-Clause
#include "publish/doctor.hpp"

#include "base/json.hpp"
#include "remote/publishing.hpp"
#include "remote/verbs.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>

namespace cairn::remote {
namespace {

void print(const std::vector<publish::Finding>& findings, const std::string& stack,
           const std::string& destination) {
  for (const publish::Finding& finding : findings) {
    fmt::print("{}: {}: {}\n    {}\n", finding.where, finding.kind, finding.what, finding.command);
  }
  if (findings.empty()) {
    fmt::print("{} in {}: nothing is wrong\n", stack, destination);
  } else {
    fmt::print("{} in {}: {} finding{}\n", stack, destination, findings.size(),
               findings.size() == 1 ? "" : "s");
  }
}

Json to_json(const std::vector<publish::Finding>& findings) {
  Json all = Json::array();
  for (const publish::Finding& finding : findings) {
    all.push_back({{"kind", finding.kind},
                   {"where", finding.where},
                   {"what", finding.what},
                   {"command", finding.command}});
  }
  return all;
}

}  // namespace

ExitCode examine(const PublishingOptions& options) {
  const auto descriptions = options.descriptions();
  registry::Client client(options.client_options(descriptions));
  Json all = Json::array();
  bool well = true;
  for (const stack::ReleaseDescription& description : descriptions) {
    for (const auto& destination : options.destinations(description.destinations, client)) {
      const auto findings = publish::examine(description, *destination, options.at_once);
      well = well && findings.empty();
      if (!options.json) print(findings, description.stack, destination->name());
      all.push_back({{"schema", "cairn/doctor/1"},
                     {"stack", description.stack},
                     {"destination", destination->name()},
                     {"findings", to_json(findings)}});
    }
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return well ? ExitCode::done : ExitCode::failed;
}

commands::Verb doctor_verb() {
  return {
      "doctor", "Compares what is published with its release and its declaration; mends nothing",
      "cairn doctor -C build/release --to quay.io", [](CLI::App& app, const commands::Context&) {
        const auto options = std::make_shared<PublishingOptions>();
        options->add_to(app);
        return [options] { return examine(*options); };
      }};
}

}  // namespace cairn::remote
