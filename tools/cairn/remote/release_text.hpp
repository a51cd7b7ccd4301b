// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/json.hpp"
#include "publish/release.hpp"

#include <string>

namespace cairn::remote {

/// What a publish did, behind its plan; `destination` as its name() has it.
std::string format_release(const publish::PublishReport& report, const std::string& destination);
/// Schema cairn/publish-report/1: the plan and what came of it.
Json to_json(const publish::PublishReport& report);

std::string format_rollback(const publish::RollbackReport& report, const std::string& destination);
/// Schema cairn/rollback-report/1.
Json to_json(const publish::RollbackReport& report);

}  // namespace cairn::remote
