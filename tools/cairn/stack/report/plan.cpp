// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/plan.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "stack/inspect/inspection.hpp"
#include "stack/model/inspect_description.hpp"
#include "stack/model/record_store.hpp"
#include "stack/report/test_keys.hpp"
#include "stack/report/why.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

/// Seconds of a record that may be damaged or missing.
std::optional<double> seconds_in(const fs::path& record) {
  try {
    if (!fs::exists(record)) return std::nullopt;
    return read_json(record).value("seconds", 0.0);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

class Planner {
 public:
  Planner(StackView& view, const PlanOptions& options) : view_(view), tests_(options.tests) {
    outlook_ = outlooks(view);
    for (const ImageFolder& folder : options.only)
      want(fs::absolute(folder.path).lexically_normal());
    if (options.only.empty()) {
      for (const ImageView& image : view.images())
        wanted_.insert(image.folder.path);
    }
  }

  Plan run() {
    plan_.stack = view_.stack().stack;
    plan_.images = wanted_.size();
    plan_.tests = tests_;
    for (std::size_t i = 0; i < view_.images().size(); ++i) {
      if (wanted_.count(view_.images()[i].folder.path) != 0) add_image(i);
    }
    add_times();
    return std::move(plan_);
  }

 private:
  void want(const fs::path& folder) {
    if (!wanted_.insert(folder).second) return;
    for (const ImageView& image : view_.images()) {
      if (image.folder.path != folder) continue;
      for (const Parent& parent : image.image.parents)
        want(parent.directory);
    }
  }

  void add_image(std::size_t index) {
    const ImageView& image = view_.images()[index];
    const Outlook& outlook = outlook_[index];
    std::optional<std::size_t> build;
    if (outlook.action != Action::none) build = add_build(index);
    if (outlook.action == Action::blocked) return;
    add_inspection(image, outlook, build);
    if (tests_) add_tests(image, outlook, build);
  }

  PlanStep step_of(PlanStep::Verb verb, const ImageView& image, const Outlook& outlook,
                   const std::optional<std::size_t>& build) {
    PlanStep step;
    step.verb = verb;
    step.target = image.image.target;
    step.platform = image.image.platform.to_string();
    step.title = image.image.title();
    step.certain = outlook.action != Action::perhaps;
    if (build) step.after.push_back(*build);
    return step;
  }

  std::size_t add_build(std::size_t index) {
    const ImageView& image = view_.images()[index];
    const Outlook& outlook = outlook_[index];
    const bool blocked = outlook.action == Action::blocked;
    const bool reuse = outlook.action == Action::reuse;
    PlanStep step = step_of(blocked ? PlanStep::Verb::fail
                            : reuse ? PlanStep::Verb::reuse
                                    : PlanStep::Verb::build,
                            image, outlook, std::nullopt);
    step.reason = reason_of(index);
    if (step.verb == PlanStep::Verb::build) step.seconds = build_seconds(image);
    for (const Parent& parent : image.image.parents) {
      const auto first = builds_.find(parent.directory);
      if (first != builds_.end()) step.after.push_back(first->second);
    }
    plan_.steps.push_back(std::move(step));
    return builds_[image.folder.path] = plan_.steps.size() - 1;
  }

  std::string reason_of(std::size_t index) {
    const Outlook& outlook = outlook_[index];
    if (outlook.action == Action::perhaps) return "if " + outlook.parent + " changes";
    if (outlook.action == Action::blocked && !outlook.parent.empty()) {
      return outlook.parent + " cannot be built";
    }
    if (outlook.action == Action::reuse) return "the same key was built before";
    return in_a_word(explain(view_, outlook_, index));
  }

  void add_inspection(const ImageView& image, const Outlook& outlook,
                      const std::optional<std::size_t>& build) {
    const auto description = InspectDescription::read(image.folder.inspect_description());
    const bool known =
        outlook.record && known_inspection(image.folder, view_.stack().store,
                                           outlook.record->config_digest, description);
    if (known) return;
    PlanStep step = step_of(PlanStep::Verb::inspect, image, outlook, build);
    step.reason = build ? "after its build" : "not inspected yet";
    step.seconds = seconds_in(image.folder.inspection());
    plan_.steps.push_back(std::move(step));
  }

  void add_tests(const ImageView& image, const Outlook& outlook,
                 const std::optional<std::size_t>& build) {
    const TestKeys keys(view_, image);
    PlanStep step = step_of(PlanStep::Verb::test, image, outlook, build);
    double seconds = 0;
    bool timed = true;
    for (const TestDescription& test : keys.tests()) {
      if (outlook.record && keys.has_passed(test, outlook.record->config_digest)) continue;
      step.tests.push_back(test.name);
      const auto last = seconds_in(image.folder.test_record(test.name));
      timed = timed && last;
      seconds += last.value_or(0);
    }
    if (step.tests.empty()) return;
    step.reason = build ? "after its build" : "not passed yet";
    if (timed) step.seconds = seconds;
    plan_.steps.push_back(std::move(step));
  }

  /// Of the last build here, else of the newest of this image that the store knows.
  std::optional<double> build_seconds(const ImageView& image) {
    if (image.record) return image.record->seconds;
    const RecordStore store(view_.stack().store, view_.engine_of(image).endpoint().identity);
    const auto last =
        store.newest(image.image.stack, image.image.target, image.image.platform.to_string());
    return last ? std::optional(last->seconds) : std::nullopt;
  }

  void add_times() {
    std::vector<double> ends;
    std::vector<std::optional<std::size_t>> before;
    std::optional<std::size_t> longest;
    for (std::size_t i = 0; i < plan_.steps.size(); ++i) {
      const PlanStep& step = plan_.steps[i];
      const bool free = step.verb == PlanStep::Verb::reuse || step.verb == PlanStep::Verb::fail;
      if (!step.seconds && !free) ++plan_.untimed;
      plan_.sum += step.seconds.value_or(0);
      std::optional<std::size_t> last;
      for (const std::size_t first : step.after) {
        if (!last || ends[first] > ends[*last]) last = first;
      }
      ends.push_back((last ? ends[*last] : 0) + step.seconds.value_or(0));
      before.push_back(last);
      if (!longest || ends[i] > ends[*longest]) longest = i;
    }
    if (!longest) return;
    plan_.path = ends[*longest];
    for (auto at = longest; at; at = before[*at]) {
      const std::string& title = plan_.steps[*at].title;
      if (plan_.path_images.empty() || plan_.path_images.front() != title) {
        plan_.path_images.insert(plan_.path_images.begin(), title);
      }
    }
  }

  StackView& view_;
  bool tests_;
  std::vector<Outlook> outlook_;
  std::set<fs::path> wanted_;
  std::map<fs::path, std::size_t> builds_;
  Plan plan_;
};

}  // namespace

Plan make_plan(StackView& view, const PlanOptions& options) {
  return Planner(view, options).run();
}

}  // namespace cairn::stack
