// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/text.hpp"
#include "memory_routes.hpp"
#include "memory_tags.hpp"
#include "oci/digest.hpp"
#include "registry/errors.hpp"
#include "registry/transport.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::testing {

/// A registry in memory behind a Transport, able to fail as a test tells it. It resumes uploads,
/// which docker-registry 2.8 does not.
class MemoryRegistry : public MemoryRoutes {
 public:
  /// Asked first; an answer it gives is the registry's, and what it throws is a broken connection.
  std::function<std::optional<Answer>(const Request&)> before;
  /// Asked when the registry has done its part; what it throws is an answer that was lost.
  std::function<void(const Request&, Answer&)> after;
  std::size_t break_after = 0;  ///< bytes of a body after which the next connection breaks; 0: none

  std::size_t tags_a_put = 0;    ///< as many of the parameters `tag` of a PUT are set, and told
  std::size_t tags_at_once = 0;  ///< of a page of a list of tags; 0: all
  std::string date;              ///< of all answers; empty: they have none

  std::vector<Request> requests() {
    const std::lock_guard guard(mutex_);
    return requests_;
  }
  /// `PUT /v2/a/manifests/x` with digests shortened; what came before is forgotten.
  std::vector<std::string> take_log() {
    const std::lock_guard guard(mutex_);
    return std::exchange(log_, {});
  }

  std::unique_ptr<registry::Transport> transport() { return std::make_unique<Line>(*this); }

 private:
  class Line : public registry::Transport {
   public:
    explicit Line(MemoryRegistry& owner) : owner_(owner) {}
    Answer send(const Request& request) override { return owner_.serve(request); }

   private:
    MemoryRegistry& owner_;
  };

  Answer serve(const Request& request) {
    const std::string text = request.url.text();
    const std::size_t path_at = text.find('/', text.find("//") + 2);
    const std::string target = text.substr(path_at);
    {
      const std::lock_guard guard(mutex_);
      requests_.push_back(request);
      log_.push_back(request.method + " " + shortened(target));
    }
    if (before) {
      if (auto given = before(request)) return *given;
    }
    // Read outside of the lock: uploads go side by side.
    std::string body = request.body;
    const bool broken = request.open_body && !read_body(request, body);
    const std::lock_guard guard(mutex_);
    Answer given = answer_to(request, target, body);
    if (!date.empty()) given.headers["date"] = date;
    if (broken) throw registry::TransientError(registry::describe(request) + ": broken");
    if (after) after(request, given);
    return given;
  }

  Answer answer_to(const Request& request, const std::string& target, const std::string& body) {
    const std::size_t list = target.find("/tags/list");
    if (list == std::string::npos) {
      Answer given = route(request, target, body);
      const std::size_t at = target.find("/manifests/");
      if (at != std::string::npos && given.status == 201)
        set_tags(repositories[target.substr(4, at - 4)], target, body, given);
      return given;
    }
    const auto found = repositories.find(target.substr(4, list - 4));
    if (found == repositories.end()) return error(404, "NAME_UNKNOWN");
    return tags_page(found->second.tags, target, tags_at_once);
  }

  void set_tags(Repository& repository, const std::string& target, const std::string& body,
                Answer& given) const {
    std::vector<std::string> tags = query_values(target, "tag");
    tags.resize(std::min(tags.size(), tags_a_put));
    for (const std::string& tag : tags)
      repository.tags[tag] = oci::Digest::of(body).to_string();
    if (!tags.empty()) given.headers["oci-tag"] = join(tags, ", ");
  }

  bool read_body(const Request& request, std::string& body) {
    const auto reader = request.open_body();
    char buffer[1000];
    while (const std::size_t got = reader->read(buffer, sizeof buffer)) {
      body.append(buffer, got);
      if (break_after != 0 && body.size() >= break_after) {
        body.resize(std::exchange(break_after, 0));
        return false;
      }
    }
    return body.size() == request.body_bytes;
  }

  static std::string shortened(const std::string& target) {
    std::string shown;
    for (std::size_t at = 0; at < target.size();) {
      const bool digest = target.compare(at, 7, "sha256:") == 0 && target.size() >= at + 71;
      const bool encoded = target.compare(at, 9, "sha256%3A") == 0 && target.size() >= at + 73;
      const std::size_t head = digest ? 7 : encoded ? 9 : 0;
      shown += head == 0 ? target.substr(at, 1) : target.substr(at + head, 4);
      at += head == 0 ? 1 : head + 64;
    }
    return shown;
  }

  std::mutex mutex_;
  std::vector<Request> requests_;
  std::vector<std::string> log_;
};

}  // namespace cairn::testing
