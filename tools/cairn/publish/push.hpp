// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/destination.hpp"
#include "stack/model/export_record.hpp"
#include "stack/release/description.hpp"

#include <vector>

namespace cairn::publish {

/// Pushes the manifests of `exports`, with all that is below them, by digest from the stack's
/// store; no tag moves. Throws UserError naming the image when the store lacks something that the
/// destination does not have.
registry::PushReport push_exports(const stack::ReleaseDescription& description,
                                  const std::vector<stack::ExportRecord>& exports,
                                  Destination& destination);

}  // namespace cairn::publish
