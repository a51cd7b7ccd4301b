// SPDX-License-Identifier: BSD-3-Clause
#include "publish/destination.hpp"

#include "base/text.hpp"
#include "oci/reference.hpp"
#include "publish/layout_destination.hpp"
#include "publish/registry_destination.hpp"
#include "registry/parallel.hpp"

#include <algorithm>
#include <atomic>

namespace cairn::publish {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  throw UserError("invalid destination '" + text + "': " + why,
                  "write HOST[:PORT], HOST[:PORT]/PATH or oci:FOLDER");
}

/// `quay.io`, `localhost`, `127.0.0.1:5000`, `[::1]:5000`: what a reference may begin with.
bool is_host(const std::string& text) {
  const std::size_t bracket = text.rfind(']');
  const std::size_t colon = text.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string host = text.substr(0, colon);
  const std::string port = colon == std::string::npos ? "0" : text.substr(colon + 1);
  const auto only = [](const std::string& word, const char* of) {
    return !word.empty() && word.find_first_not_of(of) == std::string::npos;
  };
  const bool is_name = host == "localhost" || host.find('.') != std::string::npos ||
                       colon != std::string::npos || host.starts_with('[');
  constexpr const char* kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[:]";
  return is_name && only(host, kLetters) && only(port, "0123456789") && port.size() <= 5;
}

std::unique_ptr<Destination> registry_at(const std::string& text, registry::Client& client,
                                         const registry::PushOptions& options) {
  if (text.find("://") != std::string::npos) refuse(text, "it is a URL");
  const std::size_t slash = text.find('/');
  const std::string written = text.substr(0, slash);
  if (!is_host(written)) refuse(text, "'" + written + "' is no host");
  // docker.io has several names.
  const std::string host = oci::Reference::parse(written + "/a/b").host;
  if (slash == std::string::npos) {
    return std::make_unique<RegistryDestination>(host, "", client, options);
  }
  const std::string path = text.substr(slash + 1);
  if (!oci::is_valid_repository_path(path))
    refuse(text, "'" + path + "' is no path of repositories");
  return std::make_unique<RegistryDestination>(host, path, client, options);
}

}  // namespace

void check_bytes(const TagPut& put) {
  const oci::Digest own = oci::Digest::of(put.bytes);
  if (own == put.digest) return;
  throw Error("'" + put.name() + "': the bytes are of '" + own.to_string() + "', not of '" +
              put.digest.to_string() + "'");
}

std::size_t Destination::reach(const std::vector<TagPut>& moves, std::size_t at,
                               int requests) const {
  return std::min(moves.size() - at, static_cast<std::size_t>(std::max(requests, 1)));
}

bool Destination::put_tags_if(const std::vector<TagPut>& /*batch*/,
                              const std::vector<TagState>& /*seen*/) {
  throw Error(name() + " does not set tags in one step");
}

void Destination::try_push(const std::vector<Item>& /*items*/) {}

std::vector<char> which_are_there(Destination& destination, const Places& places, int at_once) {
  std::vector<char> there(places.size(), 0);
  std::atomic<bool> stop{false};
  registry::in_parallel(places.size(), at_once, stop, [&](std::size_t i) {
    there[i] = destination.digest(places[i].first, places[i].second) ? 1 : 0;
  });
  return there;
}

void throw_all(const std::vector<Refusal>& refusals) {
  if (refusals.empty()) return;
  const std::string& hint = refusals.front().hint;
  const bool is_of_all = std::all_of(refusals.begin(), refusals.end(),
                                     [&](const Refusal& one) { return one.hint == hint; });
  std::vector<std::string> lines;
  for (const Refusal& one : refusals) {
    lines.push_back(one.text);
    if (!is_of_all && !one.hint.empty()) lines.push_back("  " + one.hint);
  }
  throw UserError(join(lines, "\n"), is_of_all ? hint : "");
}

std::unique_ptr<Destination> make_destination(const std::string& text, registry::Client& client,
                                              const registry::PushOptions& options) {
  if (!text.starts_with("oci:")) {
    if (text.empty()) return std::make_unique<RegistryDestination>("", "", client, options);
    return registry_at(text, client, options);
  }
  const std::string folder = text.substr(4);
  if (folder.empty()) refuse(text, "it names no folder");
  return std::make_unique<LayoutDestination>(folder, options.uploads);
}

}  // namespace cairn::publish
