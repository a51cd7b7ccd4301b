// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "base/text.hpp"
#include "memory_query.hpp"
#include "oci/digest.hpp"
#include "registry/errors.hpp"
#include "registry/transport.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// The routes of the distribution spec that a push is made of, over blobs in memory, strict in what
/// they take.
class MemoryRoutes {
 public:
  using Request = registry::Request;
  using Answer = registry::Answer;

  struct Repository {
    std::map<std::string, std::string> blobs;      ///< digest -> bytes
    std::map<std::string, std::string> manifests;  ///< digest -> bytes
    std::map<std::string, std::string> tags;       ///< tag -> digest
  };

  std::map<std::string, Repository> repositories;
  std::map<std::string, std::string> uploads;  ///< path -> bytes

  static Answer answer(int status, std::map<std::string, std::string> headers = {},
                       std::string body = {}) {
    Answer made;
    made.status = status;
    made.headers = std::move(headers);
    made.body = std::move(body);
    return made;
  }
  static Answer error(int status, const std::string& code, const std::string& message = {}) {
    return answer(status, {},
                  canonical_json({{"errors", {{{"code", code}, {"message", message}}}}}));
  }

 protected:
  Answer route(const Request& request, const std::string& target, const std::string& body) {
    const std::string path = target.substr(0, target.find('?'));
    for (const char* part : {"/blobs/uploads/", "/blobs/", "/manifests/"}) {
      const std::size_t at = path.find(part);
      if (at == std::string::npos) continue;
      const std::string name = path.substr(4, at - 4);
      const std::string what = path.substr(at + std::string(part).size());
      Repository& repository = repositories[name];
      if (std::string(part) == "/manifests/") return manifest(request, repository, what, body);
      if (std::string(part) == "/blobs/") return blob(request, repository, what);
      if (what.empty()) return begin(name, target);
      return upload(request, path, target, body);
    }
    return answer(404);
  }

  Answer manifest(const Request& request, Repository& repository, const std::string& name,
                  const std::string& body) {
    const auto tag = repository.tags.find(name);
    const std::string digest = tag == repository.tags.end() ? name : tag->second;
    if (request.method != "PUT") {
      const auto found = repository.manifests.find(digest);
      if (found == repository.manifests.end()) return error(404, "MANIFEST_UNKNOWN");
      const std::string type = Json::parse(found->second).value("mediaType", "");
      return answer(200, {{"docker-content-digest", digest}, {"content-type", type}},
                    request.method == "GET" ? found->second : "");
    }
    const Json document = Json::parse(body);
    std::vector<Json> below = document.value("layers", Json::array());
    if (document.contains("config")) below.push_back(document["config"]);
    for (const Json& one : below) {
      if (!repository.blobs.contains(one["digest"])) return error(400, "MANIFEST_BLOB_UNKNOWN");
    }
    for (const Json& one : document.value("manifests", Json::array())) {
      if (!repository.manifests.contains(one["digest"])) return error(400, "MANIFEST_BLOB_UNKNOWN");
    }
    const std::string own = oci::Digest::of(body).to_string();
    if (name.find(':') == std::string::npos) {
      repository.tags[name] = own;
    } else if (name != own) {
      return error(400, "DIGEST_INVALID");
    }
    repository.manifests[own] = body;
    return answer(201, {{"docker-content-digest", own}});
  }

  Answer blob(const Request& request, Repository& repository, const std::string& digest) {
    const auto found = repository.blobs.find(digest);
    if (found == repository.blobs.end()) return error(404, "BLOB_UNKNOWN");
    if (request.method == "HEAD") {
      return answer(200, {{"content-length", std::to_string(found->second.size())}});
    }
    if (request.on_body) request.on_body(found->second, true);
    return answer(200, {}, request.on_body ? "" : found->second);
  }

  Answer begin(const std::string& name, const std::string& target) {
    const std::string mounted = query(target, "mount");
    Repository& source = repositories[query(target, "from")];
    if (!mounted.empty() && source.blobs.contains(mounted)) {
      repositories[name].blobs[mounted] = source.blobs[mounted];
      return answer(201);
    }
    const std::string path = "/v2/" + name + "/blobs/uploads/" + std::to_string(++last_upload_);
    uploads[path];
    return answer(202, {{"location", path + "?state=secret"}, {"range", "0-0"}});
  }

  Answer upload(const Request& request, const std::string& path, const std::string& target,
                const std::string& body) {
    const auto found = uploads.find(path);
    if (found == uploads.end()) return error(404, "BLOB_UPLOAD_UNKNOWN");
    std::string& bytes = found->second;
    const std::string range = sent(request, "Content-Range");
    if (!range.empty() && range.substr(0, range.find('-')) != std::to_string(bytes.size())) {
      return error(416, "BLOB_UPLOAD_INVALID");
    }
    bytes += body;
    if (request.open_body && body.size() != request.body_bytes) return answer(400);
    const std::string held = "0-" + std::to_string(bytes.empty() ? 0 : bytes.size() - 1);
    if (request.method == "DELETE") {
      uploads.erase(found);
      return answer(204);
    }
    if (request.method != "PUT") {
      return answer(request.method == "GET" ? 204 : 202,
                    {{"location", path + "?state=secret"}, {"range", held}});
    }
    const std::string digest = query(target, "digest");
    if (oci::Digest::of(bytes).to_string() != digest) return error(400, "DIGEST_INVALID");
    const std::string name = path.substr(4, path.find("/blobs/") - 4);
    repositories[name].blobs[digest] = bytes;
    uploads.erase(found);
    return answer(201, {{"docker-content-digest", digest}});
  }

 private:
  int last_upload_ = 0;
};

}  // namespace cairn::testing
