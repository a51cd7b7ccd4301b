// SPDX-License-Identifier: BSD-3-Clause
#include "registry/errors.hpp"

#include "base/json.hpp"
#include "base/text.hpp"

namespace cairn::registry {
namespace {

constexpr std::size_t kLongest = 300;  // a page of HTML is no message

std::string first_error(const std::string& body) {
  const Json document = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!document.is_object()) return {};
  const auto errors = document.find("errors");
  if (errors == document.end() || !errors->is_array() || errors->empty()) return {};
  const Json& first = errors->front();
  if (!first.is_object()) return {};
  const auto text_at = [&](const char* key) {
    const auto found = first.find(key);
    return found != first.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string message = text_at("message");
  return text_at("code") + (message.empty() ? "" : ": " + message);
}

}  // namespace

std::string describe(const Request& request) {
  return request.method + " " + request.url.redacted();
}

std::string describe(const Answer& answer) {
  const std::string said = without_ansi(first_error(answer.body)).substr(0, kLongest);
  return std::to_string(answer.status) + (said.empty() ? "" : " " + said);
}

}  // namespace cairn::registry
