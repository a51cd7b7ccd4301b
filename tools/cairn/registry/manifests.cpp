// SPDX-License-Identifier: BSD-3-Clause
#include "registry/manifests.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/manifest.hpp"
#include "registry/errors.hpp"

#include <algorithm>
#include <iterator>
#include <set>

namespace cairn::registry {
namespace {

constexpr std::size_t kMostPages = 10000;

/// The URL of a Link header with rel="next" (RFC 8288); empty when there is none.
std::string next_link(const Answer& answer) {
  for (const std::string& link : split(answer.header("link"), ',')) {
    const std::size_t begin = link.find('<'), end = link.find('>');
    if (begin == std::string::npos || end == std::string::npos || end < begin) continue;
    for (const std::string& parameter : split(link.substr(end + 1), ';')) {
      const std::string text = to_lower(trim(parameter));
      if (text == "rel=\"next\"" || text == "rel=next") {
        return link.substr(begin + 1, end - begin - 1);
      }
    }
  }
  return {};
}

void add_tags(const Answer& answer, const std::string& where, std::set<std::string>& tags) {
  const Json page = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  const bool listed = page.is_object() && page.contains("tags");
  // Registry 2.8 says null of a repository whose tags were all removed.
  if (listed && page["tags"].is_null()) return;
  if (!listed || !page["tags"].is_array()) throw Error(where + ": expected a list at 'tags'");
  for (const Json& tag : page["tags"]) {
    if (tag.is_string()) tags.insert(tag.get<std::string>());
  }
}

Request put_request(Client& client, const oci::Reference& repository, const std::string& name,
                    const RemoteManifest& document, const std::function<void()>& before_send) {
  Request request{"PUT",
                  client.url(repository, "/manifests/" + name),
                  {"Content-Type: " + document.media_type},
                  document.bytes};
  request.before_send = before_send;
  return request;
}

/// Of the answer to a PUT that was taken.
void check_told_digest(const Request& request, const Answer& answer,
                       const RemoteManifest& document) {
  const std::string told = answer.header("docker-content-digest");
  if (told.empty() || told == document.digest.to_string()) return;
  throw Error(describe(request) + ": the registry calls it '" + told + "', not '" +
              document.digest.to_string() + "'");
}

/// A proxy may make one line of several (RFC 9110, section 5.3); tags hold no commas.
std::set<std::string> told_tags(const Answer& answer) {
  std::set<std::string> told;
  for (const std::string& line : answer.all_headers("oci-tag")) {
    for (const std::string& tag : split(line, ','))
      told.insert(trim(tag));
  }
  return told;
}

}  // namespace

bool lacks_something(const Answer& answer) {
  return answer.status / 100 == 4 &&
         (has_error_code(answer, "MANIFEST_BLOB_UNKNOWN") ||
          has_error_code(answer, "MANIFEST_UNKNOWN") || has_error_code(answer, "BLOB_UNKNOWN"));
}

std::optional<oci::Digest> head_manifest(Client& client, const oci::Reference& repository,
                                         const std::string& name) {
  Request request{"HEAD", client.url(repository, "/manifests/" + name), {}, {}};
  for (const std::string& type : oci::manifest_media_types())
    request.headers.push_back("Accept: " + type);
  const Answer answer = client.call_with_retries(repository, push_scope(repository), request);
  if (answer.status == 404) return std::nullopt;
  if (answer.status != 200) refuse(request, answer, repository, Access::push);
  const std::string told = answer.header("docker-content-digest");
  const bool by_digest = name.find(':') != std::string::npos;
  if (told.empty() && by_digest) return oci::Digest::parse(name);
  if (told.empty()) {
    oci::Reference tagged = repository;
    tagged.tag = name;
    return client.digest(tagged);
  }
  if (by_digest && told != name) {
    throw Error(describe(request) + ": the registry calls it '" + told + "'");
  }
  return oci::Digest::parse(told);
}

std::optional<Refusal> put_manifest(Client& client, const oci::Reference& repository,
                                    const std::string& name, const RemoteManifest& document,
                                    const std::function<void()>& before_send) {
  Request request = put_request(client, repository, name, document, before_send);
  Backoff backoff(client.retry());
  for (;;) {
    std::optional<Answer> answer;
    std::string why;
    try {
      answer = client.call(repository, push_scope(repository), request);
    } catch (const TransientError& error) {
      why = error.what();
    }
    if (answer && answer->status / 100 == 2) {
      check_told_digest(request, *answer, document);
      return std::nullopt;
    }
    if (answer && !may_pass(*answer)) return Refusal{std::move(request), std::move(*answer)};
    const bool last = !backoff.pause(answer ? &*answer : nullptr);
    // It may have arrived, and only its answer not.
    if (head_manifest(client, repository, name) == document.digest) return std::nullopt;
    if (last && answer) return Refusal{std::move(request), std::move(*answer)};
    if (last) throw UnreachableError(why);
  }
}

PutTags put_tags(Client& client, const oci::Reference& repository,
                 const std::vector<std::string>& tags, const RemoteManifest& document,
                 const std::function<void()>& before_send) {
  std::string name = document.digest.to_string();
  for (const std::string& tag : tags)
    name += (name.find('?') == std::string::npos ? "?tag=" : "&tag=") + url_encode(tag);
  Request request = put_request(client, repository, name, document, before_send);
  Answer answer = client.call_with_retries(repository, push_scope(repository), request);
  if (answer.status / 100 != 2) return {Refusal{std::move(request), std::move(answer)}, {}};
  check_told_digest(request, answer, document);
  const std::set<std::string> told = told_tags(answer);
  PutTags put;
  std::copy_if(tags.begin(), tags.end(), std::back_inserter(put.tags),
               [&](const std::string& tag) { return told.contains(tag); });
  return put;
}

std::vector<std::string> list_tags(Client& client, const oci::Reference& repository) {
  std::set<std::string> tags;
  Request request{"GET", client.url(repository, "/tags/list"), {}, {}};
  std::set<std::string> asked;
  while (asked.size() < kMostPages && asked.insert(request.url.text()).second) {
    const Answer answer = client.call_with_retries(repository, pull_scope(repository), request);
    if (answer.status == 404 && asked.size() == 1) return {};
    if (answer.status != 200) refuse(request, answer, repository, Access::pull);
    add_tags(answer, describe(request), tags);
    const std::string next = next_link(answer);
    if (next.empty()) return {tags.begin(), tags.end()};
    request.url = request.url.resolve(next);
  }
  throw Error("the list of the tags of '" + repository.repository() + "' has no end");
}

}  // namespace cairn::registry
