// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/outlook.hpp"
#include "stack/report/stack_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// One thing that a build would do now.
struct PlanStep {
  enum class Verb { build, reuse, inspect, test, fail };
  Verb verb = Verb::build;
  std::string target, platform, title;
  std::string reason;              ///< in a word
  bool certain = true;             ///< false: only if a parent comes out different
  std::vector<std::string> tests;  ///< of a test step
  std::optional<double> seconds;   ///< of the last time; nothing when there was none
  std::vector<std::size_t> after;  ///< steps that come first
};

struct Plan {
  std::string stack;
  std::size_t images = 0;
  bool tests = true;                     ///< they were asked for
  std::vector<PlanStep> steps;           ///< in an order in which they can be done
  double sum = 0;                        ///< of the steps whose time is known, in seconds
  double path = 0;                       ///< of the longest chain of them
  std::vector<std::string> path_images;  ///< that chain's
  std::size_t untimed = 0;
};

struct PlanOptions {
  std::vector<ImageFolder> only;  ///< these and what they stand on; empty: all
  bool tests = true;
};

/// What a build of images and their tests would do now.
Plan make_plan(StackView& view, const PlanOptions& options = {});

std::string format_plan(const Plan& plan);

/// `cairn/plan/1`.
nlohmann::json to_json(const Plan& plan);

}  // namespace cairn::stack
