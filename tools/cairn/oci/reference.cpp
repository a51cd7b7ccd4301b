// SPDX-License-Identifier: BSD-3-Clause
#include "oci/reference.hpp"

#include "base/error.hpp"
#include "base/text.hpp"

#include <algorithm>

namespace cairn::oci {
namespace {

bool is_lower_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// path-component = alpha-numeric *(separator alpha-numeric); separator = "." / "_" / "__" / "-"+
bool is_path_component(std::string_view text) {
  if (text.empty() || !is_lower_alnum(text.front()) || !is_lower_alnum(text.back())) return false;
  for (std::size_t i = 0; i < text.size();) {
    if (is_lower_alnum(text[i])) {
      ++i;
      continue;
    }
    const std::size_t end = std::min(
        text.size(),
        static_cast<std::size_t>(std::find_if(text.begin() + static_cast<std::ptrdiff_t>(i),
                                              text.end(), is_lower_alnum) -
                                 text.begin()));
    const std::string_view separator = text.substr(i, end - i);
    const bool dashes = separator.find_first_not_of('-') == std::string_view::npos;
    if (separator != "." && separator != "_" && separator != "__" && !dashes) return false;
    i = end;
  }
  return true;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

[[noreturn]] void refuse(std::string_view text, const std::string& why) {
  throw UserError("invalid image reference '" + std::string(text) + "': " + why);
}

void take_digest(std::string_view text, std::string_view& rest, Reference& reference) {
  const std::size_t at = rest.find('@');
  if (at == std::string_view::npos) return;
  const std::string_view digest = rest.substr(at + 1);
  if (digest.substr(0, 7) != "sha256:" || digest.size() != 71 || !is_hex(digest.substr(7))) {
    refuse(text, "expected a digest 'sha256:' and 64 hex digits after '@'");
  }
  reference.digest = digest;
  rest = rest.substr(0, at);
}

void take_tag(std::string_view text, std::string_view& rest, Reference& reference) {
  const std::size_t colon = rest.rfind(':');
  const std::size_t slash = rest.rfind('/');
  if (colon == std::string_view::npos || (slash != std::string_view::npos && colon < slash)) return;
  reference.tag = rest.substr(colon + 1);
  if (!is_valid_tag(reference.tag)) refuse(text, "invalid tag '" + reference.tag + "'");
  rest = rest.substr(0, colon);
}

void take_host(std::string_view& rest, Reference& reference) {
  const std::size_t slash = rest.find('/');
  const std::string_view first = rest.substr(0, slash);
  const bool is_host = slash != std::string_view::npos &&
                       (first.find('.') != std::string_view::npos ||
                        first.find(':') != std::string_view::npos || first == "localhost");
  if (is_host) {
    reference.host = first == "index.docker.io" ? "docker.io" : std::string(first);
    rest = rest.substr(slash + 1);
    return;
  }
  reference.host = "docker.io";
}

}  // namespace

Reference Reference::parse(std::string_view text) {
  Reference reference;
  reference.as_written = text;
  std::string_view rest = text;
  if (rest.empty()) refuse(text, "it is empty");
  take_digest(text, rest, reference);
  take_tag(text, rest, reference);
  take_host(rest, reference);
  reference.path = rest;
  if (reference.host == "docker.io" && rest.find('/') == std::string_view::npos) {
    reference.path = "library/" + reference.path;
  }
  if (!is_valid_repository_path(rest)) {
    const bool upper = to_lower(rest) != rest;
    refuse(text, upper ? "a repository is written in lower case"
                       : "invalid repository '" + std::string(rest) + "'");
  }
  return reference;
}

std::string Reference::to_string() const {
  return repository() + (tag.empty() ? "" : ":" + tag) + (digest.empty() ? "" : "@" + digest);
}

bool is_valid_tag(std::string_view tag) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !tag.empty() && tag.size() <= 128 && word(tag.front()) &&
         std::all_of(tag.begin(), tag.end(),
                     [&](char c) { return word(c) || c == '.' || c == '-'; });
}

bool is_valid_repository_path(std::string_view path) {
  if (path.empty() || path.size() > 255) return false;
  const std::vector<std::string> parts = split(path, '/');
  return std::all_of(parts.begin(), parts.end(),
                     [](const std::string& part) { return is_path_component(part); });
}

}  // namespace cairn::oci
