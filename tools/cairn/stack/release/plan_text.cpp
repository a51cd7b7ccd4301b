// SPDX-License-Identifier: BSD-3-Clause
#include "base/text.hpp"
#include "base/time.hpp"
#include "stack/release/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace cairn::stack {
namespace {

constexpr const char* kSchema = "cairn/release-plan/1";
constexpr std::size_t kShortDigest = 12;
constexpr std::size_t kShortCommit = 12;

/// The first digits of a digest; `-` where there is none.
std::string brief(const std::string& digest) {
  return digest.empty() ? "-" : digest.substr(digest.find(':') + 1).substr(0, kShortDigest);
}

using Row = std::vector<std::string>;

/// Columns of equal width, two blanks between, none behind the last.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += fmt::format("{:<{}}", row[i], widths[i] + 2);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string image_table(const std::vector<MergedImage>& images) {
  std::vector<Row> rows{{"image", "platform", "digest", "tests", "revision"}};
  for (const MergedImage& image : images) {
    std::string title = image.target;
    for (const PlatformEvidence& one : image.platforms) {
      rows.push_back({title, one.platform.to_string() + (one.emulated ? " (emulated)" : ""),
                      brief(one.exported.manifest.digest.to_string()),
                      fmt::format("{}/{}", one.passed, one.tests),
                      one.image.revision.substr(0, kShortCommit)});
      title.clear();
    }
  }
  return table(rows);
}

std::string tag_table(const Plan& plan) {
  std::vector<Row> rows{{"tag", "action", "from", "to", ""}};
  for (const PlannedTag& planned : plan.tags) {
    const bool stays = planned.action == TagAction::withhold;
    rows.push_back({planned.wanted.full_name(), to_string(planned.action),
                    brief(planned.old_digest),
                    stays ? "" : brief(planned.wanted.names.digest.to_string()), planned.why});
  }
  return table(rows);
}

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary(const Plan& plan, const PlanCost& cost) {
  std::vector<std::string> texts;
  for (const TagAction action : {TagAction::create, TagAction::move, TagAction::adopt,
                                 TagAction::unchanged, TagAction::withhold}) {
    const auto count =
        std::count_if(plan.tags.begin(), plan.tags.end(),
                      [&](const PlannedTag& planned) { return planned.action == action; });
    if (count > 0) texts.push_back(fmt::format("{} {}", to_string(action), count));
  }
  return fmt::format("{}: {}; {} to upload, about {}\n", counted(plan.tags.size(), "tag"),
                     join(texts, ", "), format_bytes(cost.bytes),
                     counted(static_cast<std::size_t>(cost.requests), "request"));
}

Json to_json(const MergedImage& image) {
  Json platforms = Json::array();
  for (const PlatformEvidence& one : image.platforms) {
    platforms.push_back({{"platform", one.platform.to_string()},
                         {"manifest", one.exported.manifest.digest.to_string()},
                         {"config", one.image.config_digest},
                         {"tests", one.tests},
                         {"passed", one.passed},
                         {"emulated", one.emulated},
                         {"revision", one.image.revision},
                         {"folder", one.folder.string()}});
  }
  return {{"target", image.target},
          {"repository", image.repository},
          {"variant", image.variant},
          {"index", image.index.descriptor.digest.to_string()},
          {"platforms", platforms}};
}

Json to_json(const PlannedTag& planned) {
  const WantedTag& wanted = planned.wanted;
  return {{"repository", wanted.repository},
          {"tag", wanted.tag},
          {"kind", to_string(wanted.kind)},
          {"target", wanted.target},
          {"action", to_string(planned.action)},
          {"old", planned.old_digest},
          {"new", wanted.names.digest.to_string()},
          {"why", planned.why},
          {"platforms", texts_of(wanted.platforms)},
          {"missing", texts_of(wanted.missing)},
          {"probe", wanted.probe},
          {"version", wanted.version}};
}

}  // namespace

std::string plan_table(const Plan& plan, const std::vector<MergedImage>& images,
                       const Evidence& evidence, const PlanCost& cost) {
  std::string text = image_table(images) + "\n" + tag_table(plan) + "\n";
  if (!evidence.left_out.empty()) text += "left out: " + join(evidence.left_out, ", ") + "\n";
  for (const Problem& problem : plan.problems)
    text += "problem: " + problem.what + "\n";
  return text + summary(plan, cost);
}

// NOLINTNEXTLINE(readability-function-size): everything that the one answer tells of.
Json plan_json(const Plan& plan, const ReleaseFacts& facts, const std::vector<MergedImage>& images,
               const Evidence& evidence, const PlanCost& cost, const std::string& destination) {
  Json object = {{"schema", kSchema},
                 {"id", facts.id},
                 {"destination", destination},
                 {"time", format_utc(facts.time)},
                 {"commit", facts.commit},
                 {"version", facts.version},
                 {"images", Json::array()},
                 {"left_out", evidence.left_out},
                 {"revisions", evidence.revisions},
                 {"tags", Json::array()},
                 {"problems", Json::array()},
                 {"bytes", cost.bytes},
                 {"requests", cost.requests}};
  for (const MergedImage& image : images)
    object["images"].push_back(to_json(image));
  for (const PlannedTag& planned : plan.tags)
    object["tags"].push_back(to_json(planned));
  for (const Problem& problem : plan.problems)
    object["problems"].push_back({{"what", problem.what}, {"hint", problem.hint}});
  return object;
}

}  // namespace cairn::stack
