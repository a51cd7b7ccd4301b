// SPDX-License-Identifier: BSD-3-Clause
#include "remote/publishing.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

namespace cairn::remote {

void PublishingOptions::add_to(CLI::App& app) {
  app.add_option("-C,--build-dir", build_dir, "Build folder or release description")
      ->capture_default_str();
  app.add_option("--stack", stack, "Only this stack of the build folder");
  app.add_option("--to", to,
                 "Where to, in place of the declared destinations: HOST[:PORT][/PATH] or "
                 "oci:FOLDER")
      ->allow_extra_args(false);
  app.add_option("--at-once", at_once, "Requests at once, and tags between two looks at the lease")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  app.add_option("--ttl", ttl, "Seconds after which others may finish what this leaves half done")
      ->capture_default_str()
      ->check(CLI::Range(1, 86400));
  app.add_option("--lease-settle", lease_settle,
                 "Seconds between taking the lease and looking whether it was kept")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 3600.0));
  registry.add_to(app);
  patience.add_to(app);
  app.add_flag("--json", json, "Print it as JSON");
}

std::vector<stack::ReleaseDescription> PublishingOptions::descriptions() const {
  std::vector<stack::ReleaseDescription> found;
  std::vector<std::string> names;
  for (const auto& file : stack::find_release_files(build_dir)) {
    stack::ReleaseDescription description = stack::ReleaseDescription::read(file);
    names.push_back(description.stack);
    if (stack.empty() || stack == description.stack) found.push_back(std::move(description));
  }
  if (found.empty()) {
    const auto near = did_you_mean(stack, names);
    throw UserError(
        "no stack '" + stack + "' in '" + build_dir + "'",
        near ? "did you mean '" + *near + "'?" : "its stacks are: " + join(names, ", "));
  }
  return found;
}

registry::ClientOptions PublishingOptions::client_options(
    const std::vector<stack::ReleaseDescription>& described) const {
  RegistryOptions all = registry;
  for (const stack::ReleaseDescription& one : described)
    all = all.with(one.ca_bundle, one.plain_http);
  registry::ClientOptions made = all.client_options();
  patience.apply(made);
  return made;
}

std::vector<std::unique_ptr<publish::Destination>> PublishingOptions::destinations(
    const std::vector<std::string>& declared, registry::Client& client) const {
  registry::PushOptions push;
  push.uploads = at_once;
  push.settle = milliseconds(patience.settle);
  std::vector<std::string> texts = to.empty() ? declared : to;
  if (texts.empty()) texts.emplace_back();
  std::vector<std::unique_ptr<publish::Destination>> all;
  for (const std::string& text : texts)
    all.push_back(publish::make_destination(text, client, push));
  return all;
}

publish::PublishOptions PublishingOptions::publish_options() const {
  publish::PublishOptions made;
  made.at_once = at_once;
  made.lease.ttl = std::chrono::seconds(ttl);
  made.lease.settle = milliseconds(lease_settle);
  made.say = [](const std::string& line) { fmt::print(stderr, "cairn: {}\n", line); };
  return made;
}

}  // namespace cairn::remote
