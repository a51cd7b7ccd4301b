// SPDX-License-Identifier: BSD-3-Clause
#include "engine/docker_api.hpp"

#include "base/error.hpp"
#include "base/time.hpp"
#include "engine/cli.hpp"
#include "engine/docker_commands.hpp"
#include "engine/image_json.hpp"
#include "oci/reference.hpp"

#include <cstdlib>

namespace cairn::engine {
namespace {

constexpr std::string_view kUnix = "unix://";

HttpClient::Connect connector(const Endpoint& endpoint) {
  if (endpoint.url.rfind(kUnix, 0) == 0) {
    return [path = endpoint.url.substr(kUnix.size())] { return connect_unix(path); };
  }
  return [endpoint] {
    require_program(endpoint);
    return connect_command(docker_dial_command(endpoint));
  };
}

/// Finds one small file of a tar stream by name; other content flows by. Only what
/// `docker save` writes of the format (POSIX ustar) is needed.
class TarFinder {
 public:
  explicit TarFinder(std::string name) : name_(std::move(name)) {}

  /// False when the file is complete.
  bool feed(std::string_view bytes) {
    while (!bytes.empty() && !found_) {
      const std::size_t wanted = in_header_ ? 512 - header_.size() : remaining_;
      const std::string_view piece = bytes.substr(0, wanted);
      bytes.remove_prefix(piece.size());
      if (in_header_) {
        header_.append(piece);
        if (header_.size() == 512) open_entry();
      } else {
        if (matches_) content_.append(piece);
        remaining_ -= piece.size();
        if (remaining_ == 0) close_entry();
      }
    }
    return !found_;
  }

  bool found() const { return found_; }
  std::string content() const { return content_.substr(0, size_); }

 private:
  void open_entry() {
    size_ = std::strtoull(header_.substr(124, 12).c_str(), nullptr, 8);
    remaining_ = (size_ + 511) / 512 * 512;
    matches_ = header_.substr(0, 100).c_str() == name_;
    header_.clear();
    in_header_ = remaining_ == 0;
  }

  void close_entry() {
    found_ = matches_;
    in_header_ = true;
  }

  std::string name_;
  std::string header_;
  std::string content_;
  std::size_t size_ = 0;
  std::size_t remaining_ = 0;
  bool in_header_ = true;
  bool matches_ = false;
  bool found_ = false;
};

std::string blob_path(const std::string& digest) {
  const std::size_t colon = digest.find(':');
  return "blobs/" + digest.substr(0, colon) + "/" + digest.substr(colon + 1);
}

}  // namespace

DockerApi::DockerApi(const Endpoint& endpoint)
    : endpoint_(endpoint), client_(connector(endpoint)) {}

HttpResponse DockerApi::ask(const std::string& method, const std::string& target,
                            std::chrono::milliseconds limit, const HttpClient::Sink& sink) {
  try {
    return client_.send({method, target, {}}, limit, sink);
  } catch (const UnreachableError&) {
    throw;
  } catch (const Error& error) {
    throw UnreachableError("docker does not answer at '" + endpoint_.url + "': " + error.what(),
                           "start it (systemctl start docker), or " + switch_hint(endpoint_));
  }
}

void DockerApi::refuse(const std::string& doing, const HttpResponse& response) const {
  const Json body = Json::parse(response.body, nullptr, false);
  std::string word = "status " + std::to_string(response.status);
  if (body.is_object()) word = string_or(body, "message", word);
  throw Error("docker refused to " + doing + ": " + engines_word(word));
}

Json DockerApi::read(const std::string& doing, const HttpResponse& response) const {
  if (response.status != 200) refuse(doing, response);
  Json body = Json::parse(response.body, nullptr, false);
  if (body.is_discarded()) {
    throw Error("docker's answer to " + doing + " is no JSON");
  }
  return body;
}

Json DockerApi::info() {
  return read("say who it is", ask("GET", "/info"));
}

void DockerApi::ping() {
  ask("GET", "/_ping", std::chrono::seconds(5));
}

std::vector<ListedImage> DockerApi::list() {
  return docker_list(read("list its images", ask("GET", "/images/json?all=1")));
}

std::optional<Json> DockerApi::image(const std::string& reference) {
  const HttpResponse response = ask("GET", "/images/" + reference + "/json");
  if (response.status == 404) return std::nullopt;
  return read("inspect '" + reference + "'", response);
}

void DockerApi::tag(const std::string& id, const std::string& name) {
  const oci::Reference reference = oci::Reference::parse(name);
  const HttpResponse response =
      ask("POST", "/images/" + id + "/tag?repo=" + url_encode(reference.repository()) +
                      "&tag=" + url_encode(reference.tag));
  if (response.status >= 300) refuse("tag '" + id + "' as '" + name + "'", response);
}

void DockerApi::untag(const std::string& name) {
  const HttpResponse response = ask("DELETE", "/images/" + name);
  if (response.status >= 300 && response.status != 404) refuse("untag '" + name + "'", response);
}

bool DockerApi::remove(const std::string& id) {
  const std::string filter = url_encode("{\"ancestor\":[\"" + id + "\"]}");
  const Json users =
      read("list its containers", ask("GET", "/containers/json?all=1&filters=" + filter));
  for (const Json& user : users) {
    if (string_or(user, "ImageID", "") == id) return false;
  }
  // Forced, because an image with two names is refused otherwise.
  const HttpResponse response = ask("DELETE", "/images/" + id + "?force=1");
  if (response.status == 404 || response.status == 409) return false;
  if (response.status >= 300) refuse("remove '" + id + "'", response);
  return true;
}

std::string DockerApi::config_digest_of(const std::string& id) {
  // An index names its manifests, a manifest its config; both are blobs of the saved image.
  std::string digest = id;
  for (int depth = 0; depth < 3; ++depth) {
    TarFinder finder(blob_path(digest));
    const auto sink = [&](std::string_view bytes) { return finder.feed(bytes); };
    const HttpResponse response =
        ask("GET", "/images/" + id + "/get", std::chrono::minutes(30), sink);
    if (response.status != 200) refuse("save '" + id + "'", response);
    const Json blob = Json::parse(finder.content(), nullptr, false);
    if (!finder.found() || !blob.is_object()) break;
    if (blob.contains("config")) return string_or(blob["config"], "digest", "");
    if (!blob.contains("manifests") || blob["manifests"].empty()) break;
    digest = string_or(blob["manifests"][0], "digest", "");
  }
  throw Error("docker saved no config of '" + id + "'");
}

void DockerApi::save(const std::string& id, const ByteTaker& taker) {
  // The limit is for each piece: up to 20.10 the daemon unpacks everything before the first.
  const HttpResponse response =
      ask("GET", "/images/" + id + "/get", std::chrono::minutes(30), taker);
  if (response.status != 200) refuse("save '" + id + "'", response);
}

std::optional<Json> DockerApi::container(const std::string& name) {
  const HttpResponse response = ask("GET", "/containers/" + name + "/json");
  if (response.status == 404) return std::nullopt;
  return read("inspect the container '" + name + "'", response);
}

bool DockerApi::remove_container(const std::string& name) {
  const HttpResponse response = ask("DELETE", "/containers/" + name + "?force=1&v=1");
  if (response.status == 404) return false;
  if (response.status < 300) return true;
  // 409: --rm is at it already, and the name is taken until it has done.
  if (response.status != 409) refuse("remove the container '" + name + "'", response);
  const auto gone = [&] { return !container(name); };
  if (!poll_until(gone, std::chrono::seconds(10))) {
    throw Error("docker does not get the container '" + name + "' removed");
  }
  return true;
}

void DockerApi::stop_container(const std::string& name, std::chrono::seconds grace) {
  const HttpResponse response =
      ask("POST", "/containers/" + name + "/stop?t=" + std::to_string(grace.count()),
          grace + std::chrono::seconds(30));
  // 304: it has ended already.
  if (response.status >= 400) refuse("stop the container '" + name + "'", response);
}

}  // namespace cairn::engine
