// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/report/affected.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cairn::stack {
namespace {

using Compared = Affected::Compared;
using How = AffectedImage::How;

std::string count(std::size_t number, const std::string& one, const std::string& many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string compared_text(const Affected& affected) {
  switch (affected.compared) {
    case Compared::nothing:
      return "nothing to compare";
    case Compared::descriptions:
      return "both trees were configured and compared";
    case Compared::files:
      return "only files were compared, since the old tree cannot be configured: " +
             affected.problem;
    default:
      return "everything counts, since the old tree cannot be configured: " + affected.problem;
  }
}

std::string reasons_text(const AffectedImage& image) {
  constexpr std::size_t kShown = 3;
  const std::size_t shown = std::min(kShown, image.reasons.size());
  std::string text =
      join({image.reasons.begin(), image.reasons.begin() + static_cast<long>(shown)}, "; ");
  if (image.reasons.size() > shown)
    text += fmt::format("; and {} more", image.reasons.size() - shown);
  return text;
}

std::string how_text(How how) {
  switch (how) {
    case How::changed:
      return "changed";
    case How::added:
      return "added";
    case How::parent:
      return "parent";
    case How::inspection:
      return "inspection";
    default:
      return "tests";
  }
}

std::string verb_text(How how) {
  return how == How::inspection ? "inspect" : how == How::tests ? "test" : "build";
}

std::string compared_word(Compared compared) {
  switch (compared) {
    case Compared::nothing:
      return "nothing";
    case Compared::descriptions:
      return "descriptions";
    case Compared::files:
      return "files";
    default:
      return "all";
  }
}

}  // namespace

std::string format_affected(const Affected& affected) {
  const Commit& since = affected.since;
  std::string text = fmt::format("since {} {} {}: {}\n{}; {}\n", since.hash.substr(0, 10),
                                 since.date.substr(0, 10), since.author, since.subject,
                                 count(affected.changes.size(), "path changed", "paths changed"),
                                 compared_text(affected));
  std::size_t width = 0;
  std::size_t tests = 0;
  for (const AffectedImage& image : affected.affected) {
    width = std::max(width, image.title.size());
    tests += image.tests.size();
  }
  for (const AffectedImage& image : affected.affected) {
    text += fmt::format("{:<7}  {:<{}}  {:<8}  {}\n", verb_text(image.how), image.title, width,
                        count(image.tests.size(), "test", "tests"), reasons_text(image));
  }
  for (const std::string& removed : affected.removed)
    text += "gone     " + removed + "\n";
  return text + fmt::format("{} of {}, {}\n", affected.affected.size(),
                            count(affected.images, "image", "images"),
                            count(tests, "test", "tests"));
}

Json to_json(const Affected& affected) {
  Json changes = Json::array();
  for (const GitChange& change : affected.changes) {
    changes.push_back({{"status", std::string(1, change.status)},
                       {"path", change.path},
                       {"old_path", change.old_path}});
  }
  Json images = Json::array();
  for (const AffectedImage& image : affected.affected) {
    images.push_back({{"stack", image.stack},
                      {"target", image.target},
                      {"platform", image.platform},
                      {"how", how_text(image.how)},
                      {"reasons", image.reasons},
                      {"tests", image.tests}});
  }
  return {{"schema", "cairn/affected/1"},
          {"since", affected.since.hash},
          {"compared", compared_word(affected.compared)},
          {"problem", affected.problem},
          {"changes", std::move(changes)},
          {"total", affected.images},
          {"images", std::move(images)},
          {"removed", affected.removed}};
}

}  // namespace cairn::stack
