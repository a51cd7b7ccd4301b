// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/report/plan.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace cairn::stack {
namespace {

using Verb = PlanStep::Verb;

std::string to_string(Verb verb) {
  switch (verb) {
    case Verb::build:
      return "build";
    case Verb::reuse:
      return "reuse";
    case Verb::inspect:
      return "inspect";
    case Verb::test:
      return "test";
    default:
      return "fail";
  }
}

std::string reason_text(const PlanStep& step) {
  if (step.tests.empty()) return step.reason;
  constexpr std::size_t kNamed = 3;
  if (step.tests.size() <= kNamed) return join(step.tests, ", ") + ": " + step.reason;
  return fmt::format("{} tests: {}", step.tests.size(), step.reason);
}

std::string time_text(const PlanStep& step) {
  if (step.seconds) return format_seconds(*step.seconds);
  return step.verb == Verb::reuse || step.verb == Verb::fail ? "-" : "?";
}

std::string summary(const Plan& plan) {
  std::string text;
  if (plan.sum > 0) {
    text =
        fmt::format("expected: {} in all, {} along the longest path ({})", format_seconds(plan.sum),
                    format_seconds(plan.path), join(plan.path_images, " -> "));
  } else if (plan.untimed > 0) {
    text = "expected: unknown";
  }
  if (plan.untimed > 0) {
    text += fmt::format("; {} never timed", plan.untimed == 1
                                                ? "1 step was"
                                                : std::to_string(plan.untimed) + " steps were");
  }
  if (!text.empty()) text += "\n";
  const bool doubtful = std::any_of(plan.steps.begin(), plan.steps.end(),
                                    [](const PlanStep& step) { return !step.certain; });
  return text + (doubtful ? "(in brackets: only if a parent comes out different)\n" : "");
}

}  // namespace

std::string format_plan(const Plan& plan) {
  if (plan.steps.empty()) {
    return fmt::format("{}: nothing to do: {} images are {}\n", plan.stack, plan.images,
                       plan.tests ? "fresh, inspected and tested" : "fresh and inspected");
  }
  using Row = std::array<std::string, 4>;
  std::vector<Row> rows;
  std::array<std::size_t, 4> widths{};
  for (const PlanStep& step : plan.steps) {
    const std::string verb = to_string(step.verb);
    rows.push_back(
        {step.certain ? verb : "(" + verb + ")", step.title, time_text(step), reason_text(step)});
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], rows.back()[i].size());
  }
  std::string text;
  for (const Row& row : rows) {
    text += fmt::format("{:<{}}  {:<{}}  {:>{}}  {}\n", row[0], widths[0], row[1], widths[1],
                        row[2], widths[2], row[3]);
  }
  return text + summary(plan);
}

Json to_json(const Plan& plan) {
  Json steps = Json::array();
  for (const PlanStep& step : plan.steps) {
    Json one = {{"verb", to_string(step.verb)}, {"target", step.target},
                {"platform", step.platform},    {"reason", step.reason},
                {"certain", step.certain},      {"tests", step.tests},
                {"after", step.after}};
    one["seconds"] = step.seconds ? Json(*step.seconds) : Json(nullptr);
    steps.push_back(std::move(one));
  }
  return {{"schema", "cairn/plan/1"},
          {"stack", plan.stack},
          {"images", plan.images},
          {"steps", std::move(steps)},
          {"seconds", plan.sum},
          {"critical_path", plan.path},
          {"critical_images", plan.path_images},
          {"untimed", plan.untimed}};
}

}  // namespace cairn::stack
