// SPDX-License-Identifier: BSD-3-Clause
#include "publish/tag_forms.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <set>

namespace cairn::publish {
namespace {

/// What a field of a template looks like in a tag.
std::string pattern_of_field(const std::string& name) {
  if (name == "date") return "[0-9]{4}-[0-9]{2}-[0-9]{2}";
  if (name == "version") return "[0-9].*";
  if (name.starts_with("commit")) return "[0-9a-f]+";
  return "[0-9]+";
}

std::string pattern_of(const std::string& form) {
  std::string text;
  for (std::size_t at = 0; at < form.size();) {
    const std::size_t open = std::min(form.find('{', at), form.size());
    if (open > at) text += "\\Q" + form.substr(at, open - at) + "\\E";
    if (open == form.size()) break;
    const std::size_t close = std::min(form.find('}', open), form.size() - 1);
    text += pattern_of_field(form.substr(open + 1, close - open - 1));
    at = close + 1;
  }
  return text;
}

/// What stands before the tags of an image for a platform, or of a variant.
std::string pattern_of_prefixes(const std::vector<stack::ReleaseImage>& images) {
  std::set<std::string> archs, variants;
  for (const stack::ReleaseImage& image : images) {
    for (const oci::Platform& platform : image.platforms)
      archs.insert("\\Q" + platform.arch_name() + "-\\E");
    if (!image.variant.empty()) variants.insert("\\Q" + image.variant + "-\\E");
  }
  const auto one_of = [](const std::set<std::string>& all) {
    return "(" + join({all.begin(), all.end()}, "|") + ")?";
  };
  return one_of(archs) + one_of(variants);
}

}  // namespace

TagForms::TagForms(const std::vector<std::string>& templates, const std::string& suffix,
                   const std::vector<stack::ReleaseImage>& images) {
  const std::string prefixes = pattern_of_prefixes(images);
  for (const std::string& one : templates)
    forms_.emplace_back("^" + prefixes + pattern_of(one) + "(" + pattern_of(suffix) + ")?$");
}

bool TagForms::may_give(const std::string& tag) const {
  return std::any_of(forms_.begin(), forms_.end(),
                     [&](const Pattern& form) { return form.found_in(tag); });
}

bool belongs_to_digest(const std::string& tag) {
  static const Pattern form("^sha256-[0-9a-f]{64}([.].*)?$");
  return form.found_in(tag);
}

}  // namespace cairn::publish
