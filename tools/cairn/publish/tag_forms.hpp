// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/pattern.hpp"
#include "stack/release/description.hpp"

#include <string>
#include <vector>

namespace cairn::publish {

/// What tags of templates look like, for whoever knows none of the releases that filled them.
class TagForms {
 public:
  /// Tags of `templates`, with or without what `suffix` makes, for each platform or variant.
  TagForms(const std::vector<std::string>& templates, const std::string& suffix,
           const std::vector<stack::ReleaseImage>& images);

  bool may_give(const std::string& tag) const;

 private:
  std::vector<Pattern> forms_;
};

/// What signing tools and the fallback for referrers call what belongs to a digest
/// (distribution-spec, "Referrers Tag Schema").
bool belongs_to_digest(const std::string& tag);

}  // namespace cairn::publish
