// SPDX-License-Identifier: BSD-3-Clause
#include "publish/release.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "publish/push.hpp"
#include "remote/publishing.hpp"
#include "remote/release_text.hpp"
#include "remote/verbs.hpp"
#include "stack/release/exported.hpp"

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include <array>
#include <memory>
#include <set>
#include <string_view>

namespace cairn::remote {
namespace {

struct Options {
  std::string action;
  std::set<std::string> without, only, allow_untested, allow_shrink, allow_older;
  bool allow_dirty = false, strict = false, dry_run = false, take_over = false;
  std::string root, abandon;
  PublishingOptions publishing;
};

/// Options that not every action takes.
struct Limit {
  const char* option;
  std::string_view actions;
};
constexpr std::array kLimits{Limit{"--without", "plan, publish"},
                             Limit{"--only", "plan, publish"},
                             Limit{"--allow-untested", "plan, publish"},
                             Limit{"--allow-dirty", "plan, publish"},
                             Limit{"--allow-shrink", "plan, publish"},
                             Limit{"--allow-older", "plan, publish"},
                             Limit{"--strict", "plan, publish"},
                             Limit{"--dry-run", "publish"},
                             Limit{"--root", "resume, rollback"},
                             Limit{"--take-over", "resume, rollback"},
                             Limit{"--abandon", "resume"}};

void check_limits(const CLI::App& app, const std::string& action) {
  for (const Limit& limit : kLimits) {
    if (app.get_option(limit.option)->count() == 0) continue;
    if (limit.actions.find(action) != std::string_view::npos) continue;
    throw UsageError(fmt::format("'{}' is not for '{}'", limit.option, action),
                     fmt::format("it is for: {}", limit.actions));
  }
}

publish::PublishOptions publish_options(const Options& options) {
  publish::PublishOptions made = options.publishing.publish_options();
  made.gate.without = options.without;
  made.gate.allow_untested = options.allow_untested;
  made.gate.allow_dirty = options.allow_dirty;
  made.plan.allow_shrink = options.allow_shrink;
  made.plan.allow_older = options.allow_older;
  made.plan.strict = options.strict;
  made.dry_run = options.dry_run || options.action == "plan";
  made.lease.take_over = options.take_over;
  return made;
}

/// With several destinations all have the bytes before the first one's tags move.
void upload_everywhere(const stack::ReleaseDescription& description,
                       const publish::PublishOptions& wanted,
                       const std::vector<std::unique_ptr<publish::Destination>>& destinations) {
  const stack::Evidence evidence = stack::gather(description, wanted.gate);
  stack::require_no_problems(evidence.problems);
  publish::push_everywhere(description, stack::exports_of(evidence), destinations, wanted.say);
}

void publish_stack(const stack::ReleaseDescription& description, const Options& options,
                   registry::Client& client, Json& all) {
  publish::PublishOptions wanted = publish_options(options);
  wanted.time = unix_now();  // one release, wherever it goes
  const auto destinations = options.publishing.destinations(description.destinations, client);
  if (destinations.size() > 1 && !wanted.dry_run)
    upload_everywhere(description, wanted, destinations);
  for (const auto& destination : destinations) {
    const auto report = publish::publish(description, *destination, wanted);
    if (!options.publishing.json) {
      if (destinations.size() > 1) fmt::print("{}:\n", destination->name());
      fmt::print("{}", report.plan_text);
      if (!wanted.dry_run) fmt::print("{}", format_release(report, destination->name()));
    }
    all.push_back(wanted.dry_run ? report.plan_json : to_json(report));
  }
}

ExitCode publish(const Options& options) {
  const auto descriptions = options.publishing.descriptions();
  registry::Client client(options.publishing.client_options(descriptions));
  Json all = Json::array();
  for (const stack::ReleaseDescription& description : descriptions) {
    publish_stack(options.only.empty() ? description : stack::limited_to(description, options.only),
                  options, client, all);
  }
  if (options.publishing.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

Json abandon(const std::string& root, publish::Destination& destination, const Options& options) {
  const std::vector<std::string> stayed =
      publish::abandon(root, destination, options.abandon, publish_options(options));
  if (!options.publishing.json) {
    fmt::print("gave up release '{}' in {} as it stands; {} of its tags had not moved\n",
               options.abandon, destination.name(), stayed.size());
    for (const std::string& tag : stayed)
      fmt::print("  {}\n", tag);
  }
  return {{"schema", "cairn/abandon-report/1"},
          {"destination", destination.name()},
          {"abandoned", options.abandon},
          {"stayed", stayed}};
}

Json resume(const std::string& root, publish::Destination& destination, const Options& options) {
  if (!options.abandon.empty()) return abandon(root, destination, options);
  const auto id = publish::resume(root, destination, publish_options(options));
  if (!options.publishing.json) {
    if (id) {
      fmt::print("finished release '{}' in {}\n", *id, destination.name());
    } else {
      fmt::print("no release is open in {}\n", destination.name());
    }
  }
  return {{"schema", "cairn/resume-report/1"},
          {"destination", destination.name()},
          {"finished", id.value_or("")}};
}

Json rollback(const std::string& root, publish::Destination& destination, const Options& options) {
  const auto report = publish::rollback(root, destination, publish_options(options));
  if (!options.publishing.json) fmt::print("{}", format_rollback(report, destination.name()));
  Json object = to_json(report);
  object["destination"] = destination.name();
  return object;
}

/// What is meant by `resume` and `rollback`: the registry alone says what there is to do.
ExitCode end(const Options& options) {
  struct Place {
    std::string root;
    std::vector<std::string> declared;
  };
  std::vector<Place> places;
  std::vector<stack::ReleaseDescription> descriptions;
  if (options.root.empty()) {
    descriptions = options.publishing.descriptions();
    for (const stack::ReleaseDescription& description : descriptions)
      places.push_back({description.root_repository, description.destinations});
  } else {
    places.push_back({options.root, {}});
  }
  registry::Client client(options.publishing.client_options(descriptions));
  Json all = Json::array();
  for (const Place& place : places) {
    for (const auto& destination : options.publishing.destinations(place.declared, client)) {
      const bool back = options.action == "rollback";
      all.push_back(back ? rollback(place.root, *destination, options)
                         : resume(place.root, *destination, options));
    }
  }
  if (options.publishing.json) fmt::print("{}", pretty_json(all));
  return ExitCode::done;
}

void add_release_options(CLI::App& app, Options& options) {
  app.add_option("action", options.action,
                 "plan: what publish would do\n"
                 "publish: upload by digest, then move the tags\n"
                 "resume: finish what a publish left half done, from any machine\n"
                 "rollback: give the tags of the last release back what they named before\n"
                 "doctor: what `cairn doctor` does")
      ->required()
      ->check(CLI::IsMember({"plan", "publish", "resume", "rollback", "doctor"}));
  const auto names = [&](const char* option, std::set<std::string>& values, const char* what) {
    app.add_option(option, values, what)->allow_extra_args(false);
  };
  names("--without", options.without, "Target that is left out, with all that stands on it");
  names("--only", options.only, "Target that is published, with what it stands on, and no other");
  names("--allow-untested", options.allow_untested, "Target that is published untested");
  names("--allow-shrink", options.allow_shrink, "Tag that may lose platforms");
  names("--allow-older", options.allow_older, "Tag that may go back to an older version");
  app.add_flag("--allow-dirty", options.allow_dirty,
               "Source trees may have changes, this one and those that built");
  app.add_flag("--strict", options.strict,
               "A tag that some platforms do not have is an error, not left as it is");
  app.add_flag("--dry-run", options.dry_run, "Only plan, as plan does");
  app.add_option("--root", options.root,
                 "Repository that keeps the release document: no build folder is needed then");
  app.add_flag("--take-over", options.take_over,
               "Whoever is at work is dead: do not wait until its time is over");
  app.add_option("--abandon", options.abandon,
                 "Release that is given up as it stands: what it names is gone, so that it can "
                 "neither be finished nor taken back");
  options.publishing.add_to(app);
}

}  // namespace

commands::Verb release_verb() {
  return {"release", "Publishes a family as one release; finishes it, or takes it back",
          "cairn release publish -C build/release --to registry.example:5000",
          [](CLI::App& app, const commands::Context&) {
            const auto options = std::make_shared<Options>();
            add_release_options(app, *options);
            return [options, &app] {
              check_limits(app, options->action);
              if (options->action == "doctor") return examine(options->publishing);
              const bool ends = options->action == "resume" || options->action == "rollback";
              return ends ? end(*options) : publish(*options);
            };
          }};
}

}  // namespace cairn::remote
