// SPDX-License-Identifier: BSD-3-Clause
#include "registry/authorizer.hpp"

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "registry/errors.hpp"

#include <vector>

namespace cairn::registry {
namespace {

std::string place_of(const Url& url, const std::string& scope) {
  return url.resolve("/").text() + " " + scope;
}

std::string parameter(const Challenge& challenge, const std::string& name) {
  const auto found = challenge.parameters.find(name);
  return found == challenge.parameters.end() ? std::string() : found->second;
}

/// A token server is asked for several scopes by several parameters, or, in a form, by one
/// (distribution, "Docker Registry v2 authentication" and "OAuth2 token authentication").
std::string query_of(const Challenge& challenge, const std::string& scope, bool in_a_form) {
  const std::string service = parameter(challenge, "service");
  std::string query;
  if (!service.empty()) query += "service=" + url_encode(service);
  for (const std::string& one : in_a_form ? std::vector{scope} : split(scope, ' '))
    query += (query.empty() ? "scope=" : "&scope=") + url_encode(one);
  return query;
}

Secret read_token(const Request& request, const Answer& answer) {
  const Json document = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
  std::string token;
  if (document.is_object()) {
    token = text_at(document, "token");
    if (token.empty()) token = text_at(document, "access_token");
  }
  if (token.empty()) throw Error(describe(request) + ": the answer holds no token");
  return Secret(std::move(token));
}

}  // namespace

Authorizer::Authorizer(Transport& transport, FindCredential find_credential)
    : transport_(transport), find_credential_(std::move(find_credential)) {}

Secret Authorizer::header_for(const Url& url, const std::string& repository,
                              const std::string& scope) {
  const std::lock_guard guard(mutex_);
  const std::string place = place_of(url, repository);
  if (!basic_.contains(place_of(url, "")) || headers_.contains(place)) {
    return known_header(url, repository, scope);
  }
  // Another repository of that registry, which may have a login of its own, or none.
  const auto login = find_credential_(repository);
  const bool can = login && !login->user.empty();
  return headers_[place] = can ? basic(*login) : Secret();
}

Secret Authorizer::known_header(const Url& url, const std::string& repository,
                                const std::string& scope) const {
  for (const std::string& one : {scope, repository}) {
    const auto found = headers_.find(place_of(url, one));
    if (found != headers_.end()) return found->second;
  }
  return {};
}

Secret Authorizer::basic(const Credential& login) const {
  return Secret("Basic " + encode_base64(login.user + ":" + login.password.reveal()));
}

bool Authorizer::meet(const Refusal& refusal, const std::string& repository,
                      const std::string& scope) {
  const auto challenge = find_challenge(refusal.answer.all_headers("www-authenticate"));
  if (!challenge) return false;
  // Held while a token is fetched: the other threads want the same one.
  const std::lock_guard guard(mutex_);
  const Secret known = known_header(refusal.url, repository, scope);
  if (!known.empty() && known.reveal() != refusal.header.reveal()) return true;
  const auto login = find_credential_(repository);
  if (challenge->scheme == "bearer") {
    const Secret token = fetch_token(*challenge, repository, login, scope);
    headers_[place_of(refusal.url, scope)] = Secret("Bearer " + token.reveal());
    return true;
  }
  if (!login || login->user.empty() || !refusal.header.empty()) return false;
  if (!refusal.url.is_https() && !refusal.url.is_loopback()) return false;
  basic_.insert(place_of(refusal.url, ""));
  headers_[place_of(refusal.url, repository)] = basic(*login);
  return true;
}

Secret Authorizer::fetch_token(const Challenge& challenge, const std::string& repository,
                               const std::optional<Credential>& login, const std::string& scope) {
  const std::string registry_host = repository.substr(0, repository.find('/'));
  const Url realm = Url::parse(parameter(challenge, "realm"));
  if (login && !realm.is_https() && !realm.is_loopback()) {
    throw UserError("registry '" + registry_host + "' wants its password sent in the clear to '" +
                        realm.redacted() + "'",
                    "log out of it to go on without a login, or have it use https");
  }
  Request request{"GET", realm, {}, {}};
  const bool in_a_form = login && !login->identity_token.empty();
  const std::string query = query_of(challenge, scope, in_a_form);
  if (in_a_form) {
    request.method = "POST";
    request.headers = {"Content-Type: application/x-www-form-urlencoded"};
    request.body = "grant_type=refresh_token&client_id=cairn&" + query +
                   "&refresh_token=" + url_encode(login->identity_token.reveal());
  } else {
    const char* separator = realm.text().find('?') == std::string::npos ? "?" : "&";
    request.url = Url::parse(realm.text() + separator + query);
    if (login) request.headers = {"Authorization: " + basic(*login).reveal()};
  }
  const Answer answer = transport_.send(request);
  if (answer.status == 401 || answer.status == 403) {
    throw UserError(describe(request) + ": " + describe(answer),
                    "log in again: docker login " + registry_host);
  }
  if (answer.status == 429 || answer.status >= 500) {
    throw TransientError(describe(request) + ": " + describe(answer));
  }
  if (answer.status != 200) throw Error(describe(request) + ": " + describe(answer));
  return read_token(request, answer);
}

}  // namespace cairn::registry
