// SPDX-License-Identifier: BSD-3-Clause
#include "remote/push_text.hpp"

#include "base/text.hpp"

#include <fmt/core.h>

namespace cairn::remote {

std::string format_push(const registry::PushReport& report) {
  return fmt::format("{} manifests put, {} there; {} blobs uploaded ({}), {} mounted, {} there",
                     report.manifests_put, report.manifests_there, report.blobs_uploaded,
                     format_bytes(report.bytes_uploaded), report.blobs_mounted, report.blobs_there);
}

Json to_json(const registry::PushReport& report) {
  return {{"manifests_put", report.manifests_put},   {"manifests_there", report.manifests_there},
          {"blobs_uploaded", report.blobs_uploaded}, {"blobs_mounted", report.blobs_mounted},
          {"blobs_there", report.blobs_there},       {"bytes_uploaded", report.bytes_uploaded}};
}

}  // namespace cairn::remote
