// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/layout.hpp"
#include "registry/layout_source.hpp"
#include "registry/pull.hpp"
#include "registry/push.hpp"
#include "remote/options.hpp"
#include "remote/push_text.hpp"
#include "remote/verbs.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <memory>
#include <optional>

namespace cairn::remote {
namespace {

struct Options {
  std::vector<std::string> images;  ///< as typed: sources, then the destination
  std::vector<std::string> sources;
  std::string destination;
  std::vector<std::string> mount_from;
  RegistryOptions registry;
  PatienceOptions patience;
  int uploads = 4;
  std::uint64_t chunk = 0;
  bool check = false, json = false;
};

/// `oci:DIR[:TAG][@DIGEST]`, or nothing for what does not begin so.
struct LayoutName {
  std::string folder;
  std::string name;  ///< a tag or a digest; empty when none was written
};

std::optional<LayoutName> parse_layout(const std::string& text) {
  if (!text.starts_with("oci:")) return std::nullopt;
  std::string folder = text.substr(4), name;
  if (const std::size_t at = folder.rfind("@sha256:"); at != std::string::npos) {
    name = oci::Digest::parse(folder.substr(at + 1)).to_string();
    folder.resize(at);
  }
  const std::size_t slash = folder.rfind('/');
  const std::size_t colon = folder.find(':', slash == std::string::npos ? 0 : slash);
  if (colon != std::string::npos) {
    const std::string tag = folder.substr(colon + 1);
    if (!oci::is_valid_tag(tag)) {
      throw UserError("invalid tag '" + tag + "' in '" + text + "'",
                      "a tag is up to 128 letters, digits, '_', '.' and '-', and begins with none "
                      "of the last two");
    }
    if (name.empty()) name = tag;
    folder.resize(colon);
  }
  if (folder.empty()) throw UsageError("'" + text + "' names no folder", "write oci:FOLDER:TAG");
  return LayoutName{folder, name};
}

registry::ClientOptions client_options(const Options& options) {
  registry::ClientOptions made = options.registry.client_options();
  options.patience.apply(made);
  return made;
}

ExitCode push(const Options& options) {
  const oci::Reference destination = oci::Reference::parse(options.destination);
  if (!destination.digest.empty()) {
    throw UsageError("a destination has no digest: '" + options.destination + "'",
                     "name a repository, or a tag in it");
  }
  if (!destination.tag.empty() && options.sources.size() > 1) {
    throw UsageError("several images cannot have one tag: '" + options.destination + "'",
                     "name a repository without a tag, or copy one after the other");
  }
  std::vector<oci::Layout> layouts;
  std::vector<std::unique_ptr<registry::LayoutSource>> places;
  std::vector<registry::PushTarget> targets;
  layouts.reserve(options.sources.size());  // the places keep references
  for (const std::string& source : options.sources) {
    const auto name = parse_layout(source);
    if (!name) {
      throw UsageError("a copy goes to or from a layout: neither '" + source + "' nor '" +
                           options.destination + "' is one",
                       "cairn copy " + source + " oci:FOLDER");
    }
    layouts.push_back(oci::Layout::open(name->folder));
    places.push_back(std::make_unique<registry::LayoutSource>(layouts.back()));
    targets.push_back({destination, layouts.back().find(name->name), places.back().get()});
    for (const std::string& repository : options.mount_from)
      targets.back().mount_from.push_back(oci::Reference::parse(repository));
  }
  registry::Client client(client_options(options));
  if (options.check) {
    registry::try_push(client, destination);
    fmt::print("'{}' can be pushed to\n", destination.repository());
    return ExitCode::done;
  }
  registry::PushOptions push_options;
  push_options.uploads = options.uploads;
  push_options.chunk_bytes = options.chunk;
  push_options.settle = milliseconds(options.patience.settle);
  registry::Pusher pusher(client, push_options);
  const registry::PushReport report = pusher.push(targets);
  if (!destination.tag.empty()) pusher.tag(targets.front(), destination.tag);
  Json all = to_json(report);
  for (const registry::PushTarget& target : targets) {
    const std::string pushed = destination.to_string() + "@" + target.root.digest.to_string();
    all["pushed"].push_back(pushed);
    if (!options.json) fmt::print("pushed '{}'\n", pushed);
  }
  options.json ? fmt::print("{}", pretty_json(all)) : fmt::print("{}\n", format_push(report));
  return ExitCode::done;
}

ExitCode pull(const Options& options, const LayoutName& destination) {
  if (destination.name.starts_with("sha256:")) {
    throw UsageError("a destination has no digest: '" + options.destination + "'",
                     "name a folder, or a tag in it");
  }
  if (!destination.name.empty() && options.sources.size() > 1) {
    throw UsageError("several images cannot have one tag: '" + options.destination + "'",
                     "name a folder without a tag, or copy one after the other");
  }
  std::vector<oci::Reference> references;
  for (const std::string& source : options.sources) {
    if (parse_layout(source)) {
      throw UsageError("a copy goes to or from a registry: neither '" + source + "' nor '" +
                           options.destination + "' is in one",
                       "cairn copy " + source + " REGISTRY/REPOSITORY:TAG");
    }
    references.push_back(oci::Reference::parse(source));
  }
  registry::Client client(client_options(options));
  const oci::Layout layout = oci::Layout::make(destination.folder);
  Json all = Json::array();
  for (const oci::Reference& reference : references) {
    const auto report =
        registry::pull_image(client, reference, layout, destination.name, options.uploads);
    all.push_back({{"digest", report.root.digest.to_string()},
                   {"blobs_fetched", report.blobs_fetched},
                   {"blobs_there", report.blobs_there},
                   {"bytes_fetched", report.bytes_fetched}});
    if (options.json) continue;
    fmt::print("copied '{}@{}'\n{} blobs fetched ({}), {} there\n", reference.repository(),
               report.root.digest.to_string(), report.blobs_fetched,
               format_bytes(report.bytes_fetched), report.blobs_there);
  }
  if (options.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

ExitCode run(Options options) {
  options.sources = options.images;
  options.destination = options.sources.back();
  options.sources.pop_back();
  if (options.sources.empty()) {
    throw UsageError(
        "a copy has a source and a destination; only '" + options.destination + "' is there",
        "cairn copy oci:FOLDER REGISTRY/REPOSITORY:TAG");
  }
  const auto layout = parse_layout(options.destination);
  return layout ? pull(options, *layout) : push(options);
}

}  // namespace

commands::Verb copy_verb() {
  return {"copy", "Copies images by digest between an OCI layout and a registry, verified",
          "cairn copy oci:layout:1.0 quay.io/me/web:1.0",
          [](CLI::App& app, const commands::Context&) {
            const auto options = std::make_shared<Options>();
            app.add_option("image", options->images,
                           "Sources, and last the destination, one side a layout: "
                           "oci:FOLDER[:TAG|@DIGEST] and REGISTRY/REPOSITORY[:TAG|@DIGEST]; a "
                           "destination without a tag is copied to by digest alone")
                ->required()
                ->option_text("SOURCE... DESTINATION");
            app.add_option("--mount-from", options->mount_from,
                           "Repository of the same registry that may have the blobs")
                ->allow_extra_args(false);
            app.add_option("--uploads", options->uploads, "Blobs that move at once")
                ->capture_default_str()
                ->check(CLI::Range(1, 64));
            app.add_option("--chunk", options->chunk,
                           "Bytes of one request's body; 0: blobs are sent whole")
                ->capture_default_str();
            app.add_flag("--check", options->check,
                         "Only say whether the destination can be pushed to");
            options->registry.add_to(app);
            options->patience.add_to(app);
            app.add_flag("--json", options->json, "Print it as JSON");
            return [options] { return run(*options); };
          }};
}

}  // namespace cairn::remote
