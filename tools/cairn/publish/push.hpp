// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "stack/model/export_record.hpp"
#include "stack/release/description.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::publish {

/// Pushes the manifests of `exports`, with all that is below them, by digest from the stack's
/// store; no tag moves. Throws UserError naming the image when the store lacks something that the
/// destination does not have.
registry::PushReport push_exports(const stack::ReleaseDescription& description,
                                  const std::vector<stack::ExportRecord>& exports,
                                  Destination& destination);

/// As push_exports, to each of several; `say` is told of each. Nothing is sent to any of them
/// before every repository of all of them that lacks something was tried. Throws UserError naming
/// all that refused.
void push_everywhere(const stack::ReleaseDescription& description,
                     const std::vector<stack::ExportRecord>& exports,
                     const std::vector<std::unique_ptr<Destination>>& destinations,
                     const std::function<void(const std::string&)>& say);

}  // namespace cairn::publish
