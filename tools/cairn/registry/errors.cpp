// SPDX-License-Identifier: BSD-3-Clause
#include "registry/errors.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "registry/retry.hpp"

#include <algorithm>
#include <array>

namespace cairn::registry {
namespace {

constexpr std::size_t kLongest = 300;  // a page of HTML is no message

Json errors_of(const std::string& body) {
  const Json document = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return Json::array();
  const auto errors = document.find("errors");
  return errors != document.end() && errors->is_array() ? *errors : Json::array();
}

std::string first_error(const std::string& body) {
  const Json errors = errors_of(body);
  if (errors.empty()) return {};
  const std::string message = text_at(errors.front(), "message");
  return text_at(errors.front(), "code") + (message.empty() ? "" : ": " + message);
}

bool speaks_of_quota(const Answer& answer) {
  return answer.status == 507 || to_lower(answer.body).find("quota") != std::string::npos;
}

std::string hint_for(const Answer& answer, const oci::Reference& repository, Access access) {
  const bool pushes = access == Access::push;
  if (pushes && speaks_of_quota(answer)) {
    return "make room in '" + repository.repository() + "', or push elsewhere";
  }
  switch (answer.status) {
    case 401:
    case 403:
      return std::string("log in with an account that may ") + (pushes ? "push to" : "read") +
             " it: docker login " + repository.host;
    case 404:
      if (!pushes) return {};
      return "make the repository '" + repository.repository() + "' there, or correct its name";
    case 405:
      if (!pushes) return {};
      return "the registry '" + repository.host + "' is read-only: push to the one it mirrors";
    case 413:
      return "the registry, or a proxy before it, takes no bodies of this size: have it take "
             "larger ones, or push with --chunk";
    default:
      return {};
  }
}

}  // namespace

std::string describe(const Request& request) {
  return request.method + " " + request.url.redacted();
}

std::string describe(const Answer& answer) {
  const std::string said = without_ansi(first_error(answer.body)).substr(0, kLongest);
  return std::to_string(answer.status) + (said.empty() ? "" : " " + said);
}

bool has_error_code(const Answer& answer, const std::string& code) {
  const Json errors = errors_of(answer.body);
  return std::any_of(errors.begin(), errors.end(),
                     [&](const Json& error) { return text_at(error, "code") == code; });
}

bool is_immutable_tag(const Answer& answer) {
  constexpr std::array<int, 5> kRefusals{400, 403, 405, 409, 412};
  if (std::find(kRefusals.begin(), kRefusals.end(), answer.status) == kRefusals.end()) return false;
  if (has_error_code(answer, "TAG_IMMUTABLE")) return true;
  const std::string said = to_lower(answer.body);
  return said.find("immutable") != std::string::npos ||
         said.find("cannot be overwritten") != std::string::npos;
}

void refuse(const Request& request, const Answer& answer, const oci::Reference& repository,
            Access access) {
  const std::string text = describe(request) + ": " + describe(answer);
  const std::string hint = hint_for(answer, repository, access);
  if (!hint.empty()) throw UserError(text, hint);
  if (may_pass(answer)) throw UnreachableError(text);
  throw Error(text);
}

}  // namespace cairn::registry
