// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "publish/destination.hpp"
#include "stack/release/description.hpp"

#include <string>
#include <vector>

namespace cairn::publish {

/// One thing that is wrong in a destination.
struct Finding {
  std::string kind;   ///< dangling-child, missing-platform, foreign-tag, missing-tag, torn-release,
                      ///< missing-image, stale-base, orphan-tag, staging-tag, untested-digest,
                      ///< no-release
  std::string where;  ///< `quay.io/jupyter/base-notebook:python-3.11`
  std::string what;   ///< in a sentence
  std::string command;  ///< that mends it
};

/// Compares the destination with its release document and with the declaration; changes nothing.
std::vector<Finding> examine(const stack::ReleaseDescription& description, Destination& destination,
                             int at_once);

}  // namespace cairn::publish
