// SPDX-License-Identifier: BSD-3-Clause
#include "registry/client.hpp"

#include "oci/manifest.hpp"
#include "registry/errors.hpp"

#include <algorithm>

namespace cairn::registry {
namespace {

constexpr std::size_t kLargestManifest = 4 << 20;  // distribution-spec: 4 MiB must be taken
constexpr int kMostRedirects = 5;

std::string tag_or_digest(const oci::Reference& reference) {
  if (!reference.digest.empty()) return reference.digest;
  return reference.tag.empty() ? "latest" : reference.tag;
}

[[noreturn]] void refuse(const Request& request, const Answer& answer, const std::string& host) {
  const std::string text = describe(request) + ": " + describe(answer);
  if (answer.status == 401 || answer.status == 403) {
    throw UserError(text, "log in with an account that may read it: docker login " + host);
  }
  if (answer.status == 429 || answer.status >= 500) throw UnreachableError(text);
  throw Error(text);
}

void check_digest(const std::string& what, const oci::Digest& expected, const oci::Digest& got) {
  if (expected == got) return;
  throw Error(what + ": the bytes are of '" + got.to_string() + "', not of '" +
              expected.to_string() + "'");
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

Client::Client(ClientOptions options)
    : Client(open_transport(options.transport), std::move(options)) {}

Client::Client(std::unique_ptr<Transport> transport, ClientOptions options)
    : transport_(std::move(transport)),
      options_(std::move(options)),
      authorizer_(
          *transport_, options_.find_credential
                           ? options_.find_credential
                           : [](const std::string& host) { return find_credential(host); }) {}

const std::string& Client::base_url(const std::string& host) {
  std::string& base = base_urls_[host];
  if (!base.empty()) return base;
  const auto& plain = options_.plain_http;
  if (host == "docker.io") {
    base = "https://registry-1.docker.io";  // docker.io is a name for people
  } else if (std::find(plain.begin(), plain.end(), host) != plain.end()) {
    base = "http://" + host;
  } else if (is_loopback_host(host) && !speaks_tls(host)) {
    base = "http://" + host;
  } else {
    base = "https://" + host;
  }
  return base;
}

// As engines do: TLS where there is some, and in the clear only on this machine.
bool Client::speaks_tls(const std::string& host) {
  try {
    transport_->send({"GET", Url::parse("https://" + host + "/v2/"), {}, {}});
    return true;
  } catch (const TransientError&) {
    return false;
  }
}

Answer Client::follow(Request request, const std::string& scope) {
  const Url first = request.url;
  for (int hops = 0;; ++hops) {
    Request sent = request;
    // Credentials are for the registry alone, not for where it sends us.
    const Secret header =
        request.url.has_origin_of(first) ? authorizer_.header_for(first, scope) : Secret();
    if (!header.empty()) sent.headers.push_back("Authorization: " + header.reveal());
    Answer answer = transport_->send(sent);
    const std::string where = answer.header("location");
    if (!is_redirect(answer.status) || where.empty()) return answer;
    if (hops == kMostRedirects) throw Error(describe(request) + ": redirected too often");
    request.url = request.url.resolve(where);
    if (first.is_https() && !request.url.is_https()) {
      throw Error(describe(request) + ": redirected from https to http");
    }
  }
}

Answer Client::ask(const std::string& method, const oci::Reference& repository,
                   const std::string& path, std::size_t most_bytes) {
  Request request{method,
                  Url::parse(base_url(repository.host) + "/v2/" + repository.path + "/" + path),
                  {},
                  {},
                  most_bytes};
  for (const std::string& type : oci::manifest_media_types())
    request.headers.push_back("Accept: " + type);
  const std::string scope = "repository:" + repository.path + ":pull";
  const auto once = [&] {
    Answer answer = follow(request, scope);
    if (answer.status == 401 && authorizer_.meet(answer, request.url, repository.host, scope)) {
      answer = follow(request, scope);
    }
    return answer;
  };
  Answer answer = send_with_retries(options_.retry, once);
  if (answer.status != 200 && answer.status != 404) refuse(request, answer, repository.host);
  return answer;
}

std::optional<RemoteManifest> Client::manifest(const oci::Reference& reference) {
  const std::string name = tag_or_digest(reference);
  const Answer answer = ask("GET", reference, "manifests/" + name, kLargestManifest);
  if (answer.status == 404) return std::nullopt;
  RemoteManifest found{oci::Digest::of(answer.body), answer.header("content-type"), answer.body};
  const std::string what = "'" + reference.to_string() + "'";
  if (!reference.digest.empty()) {
    check_digest(what, oci::Digest::parse(reference.digest), found.digest);
  }
  const std::string told = answer.header("docker-content-digest");
  if (!told.empty()) check_digest(what, oci::Digest::parse(told), found.digest);
  return found;
}

std::optional<oci::Digest> Client::digest(const oci::Reference& reference) {
  const Answer answer = ask("HEAD", reference, "manifests/" + tag_or_digest(reference), 0);
  if (answer.status == 404) return std::nullopt;
  const std::string told = answer.header("docker-content-digest");
  if (!told.empty()) return oci::Digest::parse(told);
  const auto whole = manifest(reference);
  return whole ? std::optional(whole->digest) : std::nullopt;
}

std::string Client::blob(const oci::Reference& repository, const oci::Digest& digest,
                         std::size_t most_bytes) {
  Answer answer = ask("GET", repository, "blobs/" + digest.to_string(), most_bytes);
  const std::string what = "blob '" + digest.to_string() + "' of '" + repository.repository() + "'";
  if (answer.status == 404) throw Error(what + " is not in the registry");
  check_digest(what, digest, oci::Digest::of(answer.body));
  return std::move(answer.body);
}

}  // namespace cairn::registry
