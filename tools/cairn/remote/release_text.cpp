// SPDX-License-Identifier: BSD-3-Clause
#include "remote/release_text.hpp"

#include "remote/push_text.hpp"

#include <fmt/core.h>

namespace cairn::remote {
namespace {

/// A line for each tag that stays as it is.
std::string stays(const std::vector<std::string>& tags, const char* why) {
  std::string text;
  for (const std::string& tag : tags)
    text += fmt::format("'{}' stays: {}\n", tag, why);
  return text;
}

std::string counted(std::size_t count) {
  return fmt::format("{} tag{}", count, count == 1 ? "" : "s");
}

}  // namespace

std::string format_release(const publish::PublishReport& report, const std::string& destination) {
  std::string text = stays(report.foreign, "somebody else moved it meanwhile") +
                     stays(report.refused, "the registry lets nobody move it");
  if (!report.finished.empty())
    text += fmt::format("finished release '{}', which was left open\n", report.finished);
  if (report.id.empty()) return text + fmt::format("nothing is new in {}\n", destination);
  return text + fmt::format("released '{}' in {}: {} moved\n{}\n", report.id, destination,
                            counted(static_cast<std::size_t>(report.moved)),
                            format_push(report.pushed));
}

Json to_json(const publish::PublishReport& report) {
  return {{"schema", "cairn/publish-report/1"}, {"id", report.id},
          {"finished", report.finished},        {"moved", report.moved},
          {"foreign", report.foreign},          {"refused", report.refused},
          {"pushed", to_json(report.pushed)},   {"plan", report.plan_json}};
}

std::string format_rollback(const publish::RollbackReport& report, const std::string& destination) {
  const std::string text =
      stays(report.kept, "it was new") + stays(report.foreign, "it names something else by now");
  if (report.id.empty()) {
    return text +
           fmt::format("nothing to take back of release '{}' in {}\n", report.undoes, destination);
  }
  return text + fmt::format("took back release '{}' in {} by release '{}': {} restored\n",
                            report.undoes, destination, report.id, counted(report.restored.size()));
}

Json to_json(const publish::RollbackReport& report) {
  return {
      {"schema", "cairn/rollback-report/1"}, {"id", report.id},     {"undoes", report.undoes},
      {"restored", report.restored},         {"kept", report.kept}, {"foreign", report.foreign}};
}

}  // namespace cairn::remote
