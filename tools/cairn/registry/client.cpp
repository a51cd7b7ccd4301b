// SPDX-License-Identifier: BSD-3-Clause
#include "registry/client.hpp"

#include "base/sha256.hpp"
#include "base/time.hpp"
#include "oci/manifest.hpp"
#include "registry/errors.hpp"

#include <algorithm>

namespace cairn::registry {
namespace {

constexpr int kMostRedirects = 5;

std::string tag_or_digest(const oci::Reference& reference) {
  if (!reference.digest.empty()) return reference.digest;
  return reference.tag.empty() ? "latest" : reference.tag;
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

// A copy: the order in which arguments are evaluated is not told, and one that was moved from
// trusts the system's certificates.
Client::Client(const ClientOptions& options) : Client(open_transport(options.transport), options) {}

Client::Client(std::unique_ptr<Transport> transport, ClientOptions options)
    : transport_(std::move(transport)),
      options_(std::move(options)),
      authorizer_(
          *transport_,
          options_.find_credential ? options_.find_credential : [](const std::string& repository) {
            return find_credential(repository);
          }) {}

std::string pull_scope(const oci::Reference& repository) {
  return "repository:" + repository.path + ":pull";
}

std::string push_scope(const oci::Reference& repository) {
  return "repository:" + repository.path + ":pull,push";
}

std::string Client::base_url(const std::string& host) {
  const std::lock_guard guard(mutex_);
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

Url Client::url(const oci::Reference& repository, const std::string& path) {
  return Url::parse(base_url(repository.host) + "/v2/" + repository.path + path);
}

Answer Client::send(const oci::Reference& repository, const Request& request, bool at_home) {
  if (!at_home) return transport_->send(request);
  if (options_.rates) options_.rates->wait(repository.host);
  if (request.before_send) request.before_send();
  Answer answer = transport_->send(request);
  note_date(answer);
  if (options_.rates && answer.status == 429) {
    const auto pause = asked_pause(answer, unix_now()).value_or(options_.retry.base);
    options_.rates->slow_down(repository.host, std::min(pause, options_.retry.longest));
  }
  return answer;
}

void Client::note_date(const Answer& answer) {
  const auto date = http_date(answer.header("date"));
  if (!date) return;
  const std::lock_guard guard(mutex_);
  date_ = date;
  dated_ = std::chrono::steady_clock::now();
}

std::optional<std::int64_t> Client::now() {
  const std::lock_guard guard(mutex_);
  if (!date_) return std::nullopt;
  const auto since = std::chrono::steady_clock::now() - dated_;
  return *date_ + std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

Answer Client::call(const oci::Reference& repository, const std::string& scope,
                    const Request& request) {
  const Url home = Url::parse(base_url(repository.host) + "/");
  Request next = request;
  int met = 0;
  for (int hops = 0;;) {
    if (home.is_https() && !next.url.is_https()) {
      throw Error(describe(next) + ": redirected from https to http");
    }
    // Credentials are for the registry alone, not for where it sends us; nor does it matter what
    // another place wants to be told.
    const bool at_home = next.url.has_origin_of(home);
    const Secret header =
        at_home ? authorizer_.header_for(home, repository.repository(), scope) : Secret();
    Request sent = next;
    if (!header.empty()) sent.headers.push_back("Authorization: " + header.reveal());
    Answer answer = send(repository, sent, at_home);
    // Twice: what another thread fetched meanwhile may be old again. A token to pull and push is no
    // help where registry 2.8 asks for one to delete: an upload is cancelled with it or not at all.
    const bool in_vain = request.method == "DELETE" && !header.empty();
    if (answer.status == 401 && at_home && !in_vain && met++ < 2 &&
        authorizer_.meet({answer, home, header}, repository.repository(), scope)) {
      continue;
    }
    const std::string where = answer.header("location");
    if (!is_redirect(answer.status) || where.empty()) return answer;
    if (++hops > kMostRedirects) throw Error(describe(next) + ": redirected too often");
    next.url = next.url.resolve(where);
  }
}

Answer Client::call_with_retries(const oci::Reference& repository, const std::string& scope,
                                 const Request& request) {
  return send_with_retries(options_.retry, [&] { return call(repository, scope, request); });
}

Answer Client::ask(const std::string& method, const oci::Reference& repository,
                   const std::string& path, std::size_t most_bytes) {
  Request request{method, url(repository, "/" + path), {}, {}, most_bytes};
  for (const std::string& type : oci::manifest_media_types())
    request.headers.push_back("Accept: " + type);
  Answer answer = call_with_retries(repository, pull_scope(repository), request);
  if (answer.status != 200 && answer.status != 404) {
    refuse(request, answer, repository, Access::pull);
  }
  return answer;
}

std::optional<RemoteManifest> Client::manifest(const oci::Reference& reference) {
  const std::string name = tag_or_digest(reference);
  const Answer answer = ask("GET", reference, "manifests/" + name, oci::kLargestManifest);
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
  if (!told.empty() && !reference.digest.empty() && told != reference.digest) {
    throw Error("'" + reference.to_string() + "': the registry calls it '" + told + "'");
  }
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

void Client::copy_blob(const oci::Reference& repository, const oci::Descriptor& blob,
                       const std::function<void(std::string_view, bool)>& take) {
  const std::string what =
      "blob '" + blob.digest.to_string() + "' of '" + repository.repository() + "'";
  Request request{"GET", url(repository, "/blobs/" + blob.digest.to_string()), {}, {}};
  Sha256 hash;
  std::uint64_t length = 0;
  request.on_body = [&](std::string_view piece, bool anew) {
    if (anew) {
      hash = Sha256();
      length = 0;
    }
    length += piece.size();
    if (length > blob.size) {
      throw Error(what + ": longer than its " + std::to_string(blob.size) + " bytes");
    }
    hash.update(piece);
    take(piece, anew);
  };
  const Answer answer = call_with_retries(repository, pull_scope(repository), request);
  if (answer.status == 404) throw Error(what + " is not in the registry");
  if (answer.status != 200) refuse(request, answer, repository, Access::pull);
  check_digest(what, blob.digest, oci::Digest::parse("sha256:" + to_hex(hash.finish())));
}

}  // namespace cairn::registry
