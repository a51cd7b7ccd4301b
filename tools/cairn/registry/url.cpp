// SPDX-License-Identifier: BSD-3-Clause
#include "registry/url.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <curl/curl.h>
#include <memory>

namespace cairn::registry {
namespace {

// What token servers (distribution-spec, token authentication) and registries are asked with.
constexpr std::array<std::string_view, 6> kHarmless{"service", "scope", "digest",
                                                    "n",       "last",  "tag"};

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::string part_of(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(handle, part, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, &curl_free);
  return text;
}

bool is_harmless(const std::string& pair) {
  const std::string name = pair.substr(0, pair.find('='));
  return std::find(kHarmless.begin(), kHarmless.end(), name) != kHarmless.end();
}

}  // namespace

Url Url::parse(const std::string& text) {
  const Handle handle(curl_url(), &curl_url_cleanup);
  Url url;
  if (curl_url_set(handle.get(), CURLUPART_URL, text.c_str(), 0) == CURLUE_OK) {
    url.text_ = part_of(handle.get(), CURLUPART_URL);
    url.scheme_ = part_of(handle.get(), CURLUPART_SCHEME);
    url.host_ = part_of(handle.get(), CURLUPART_HOST);
    url.port_ = part_of(handle.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
    url.path_ = part_of(handle.get(), CURLUPART_PATH);
    url.query_ = part_of(handle.get(), CURLUPART_QUERY);
  }
  if (url.host_.empty() || (url.scheme_ != "http" && url.scheme_ != "https")) {
    throw Error("'" + text.substr(0, text.find('?')) + "' is not an http(s) URL");
  }
  return url;
}

Url Url::resolve(const std::string& reference) const {
  const Handle handle(curl_url(), &curl_url_cleanup);
  curl_url_set(handle.get(), CURLUPART_URL, text_.c_str(), 0);
  curl_url_set(handle.get(), CURLUPART_URL, reference.c_str(), 0);
  return parse(part_of(handle.get(), CURLUPART_URL));
}

bool Url::has_origin_of(const Url& other) const {
  return scheme_ == other.scheme_ && host_ == other.host_ && port_ == other.port_;
}

bool Url::is_loopback() const {
  return is_loopback_host(host_);
}

std::string Url::redacted() const {
  std::string shown = scheme_ + "://" + host_;
  if (port_ != (is_https() ? "443" : "80")) shown += ":" + port_;
  shown += path_;
  char separator = '?';
  for (const std::string& pair : split(query_, '&')) {
    if (pair.empty()) continue;
    shown += separator + (is_harmless(pair) ? pair : pair.substr(0, pair.find('=')) + "=***");
    separator = '&';
  }
  return shown;
}

bool is_loopback_host(const std::string& host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string::npos ? 0 : bracket);
  const std::string name = host.substr(0, colon);
  if (colon != std::string::npos &&
      host.find_first_not_of("0123456789", colon + 1) != std::string::npos) {
    return false;
  }
  if (name == "localhost" || name == "[::1]") return true;
  // Four numbers and nothing else: 127.0.0.1.r.example is anybody's.
  in_addr address{};
  return ::inet_pton(AF_INET, name.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24U == 127;
}

std::string url_encode(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> encoded(
      curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &curl_free);
  return encoded ? std::string(encoded.get()) : std::string();
}

}  // namespace cairn::registry
