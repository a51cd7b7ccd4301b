// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"
#include "dockerfile/ignore.hpp"
#include "stack/report/why.hpp"
#include "stack/scan/context.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace cairn::stack {
namespace {

constexpr std::size_t kShown = 10;  // reasons of one image; --json has them all
constexpr std::size_t kShortHash = 10;

std::string commit_text(const Commit& commit) {
  return fmt::format("{} {} {}: {}", commit.hash.substr(0, kShortHash), commit.date.substr(0, 10),
                     commit.author, commit.subject);
}

// Where an argument is declared is not always where its value comes from.
bool is_declared(const Reason& reason) {
  const std::string& kind = reason.change.kind;
  return kind == "argument" || kind == "label" || kind == "option";
}

std::string history_text(const Reason& reason, const std::string& ignore_file) {
  const PathHistory& history = *reason.history;
  if (history.ignored) {
    return fmt::format("git ignores it; if the image does not need it, add the line '{}' to {}",
                       printable(dockerfile::ignore_line(reason.change.name)), ignore_file);
  }
  if (history.uncommitted) {
    return history.commit ? "not committed; before: " + commit_text(*history.commit)
                          : "never committed";
  }
  return history.commit ? "commit " + commit_text(*history.commit) : "never committed";
}

/// Lines of one image and, further in, of what stands behind it.
class WhyText {
 public:
  std::string of(const Why& why, bool with_key) {
    add("", headline(why), 0);
    behind(why, 1);
    for (const std::string& doubt : why.doubts)
      add("in doubt: ", doubt, 1);
    if (with_key) add("input key ", why.input_key, 1);
    for (const ShownPart& part : why.key) {
      if (with_key) add("", describe(part), 2);
    }
    return std::move(text_);
  }

 private:
  void add(const std::string& front, const std::string& line, std::size_t depth) {
    text_ += std::string(2 * depth, ' ') + front + line + "\n";
  }

  static std::string headline(const Why& why) {
    switch (why.state) {
      case WhyState::fresh:
        return fmt::format("{} is fresh: built {}, and nothing that its key holds has changed",
                           why.title, why.built);
      case WhyState::stale:
        return why.title + " is stale";
      case WhyState::waiting:
        return why.title + " is built again if its parent comes out different";
      case WhyState::rebuilt:
        return fmt::format("parent {} was built anew, {}", why.title, why.built);
      case WhyState::missing:
        return fmt::format("{} is missing: the engine no longer has what was built {}", why.title,
                           why.built);
      case WhyState::never:
        return why.title + " was never built here";
      case WhyState::blocked:
        return why.title + " cannot be built: its parent cannot be keyed";
      default:
        return why.title + " cannot be keyed: " + why.problem;
    }
  }

  void behind(const Why& why, std::size_t depth) {
    if (!why.hint.empty()) add("hint: ", why.hint, depth);
    if (why.found) add("a build finds it: the same key was built before", "", depth);
    if (why.keyed_anew && !why.parts_known) {
      add("<- ", "its key changed; what the last build's key held was not kept", depth);
    }
    if (why.state == WhyState::rebuilt && !why.keyed_anew && why.parents.empty()) {
      add("<- ", "by force or without the engine's cache: its key is the same", depth);
    }
    for (std::size_t i = 0; i < std::min(kShown, why.reasons.size()); ++i) {
      const Reason& reason = why.reasons[i];
      add("<- ", describe(reason.change), depth);
      if (!reason.history) continue;
      add(is_declared(reason) ? "<- declared in " : "<- ",
          reason.path + ": " + history_text(reason, why.ignore_file), depth + 1);
    }
    if (why.reasons.size() > kShown) {
      add("<- ", fmt::format("and {} more: --json", why.reasons.size() - kShown), depth);
    }
    for (const Why& parent : why.parents) {
      add("<- ", headline(parent), depth);
      behind(parent, depth + 1);
    }
  }

  std::string text_;
};

Json to_json(const Reason& reason) {
  const PartChange& change = reason.change;
  Json object = {
      {"kind", change.kind},      {"name", change.name}, {"change", to_string(change.what)},
      {"text", describe(change)}, {"then", change.then}, {"now", change.now},
      {"path", reason.path}};
  if (change.old_value) object["old_value"] = *change.old_value;
  if (change.new_value) object["new_value"] = *change.new_value;
  if (!reason.history) return object;
  object["uncommitted"] = reason.history->uncommitted;
  object["ignored"] = reason.history->ignored;
  if (const auto& commit = reason.history->commit) {
    object["commit"] = {{"hash", commit->hash},
                        {"author_date", commit->date},
                        {"author", commit->author},
                        {"subject", commit->subject}};
  }
  return object;
}

}  // namespace

std::string to_string(WhyState state) {
  switch (state) {
    case WhyState::fresh:
      return "fresh";
    case WhyState::stale:
      return "stale";
    case WhyState::waiting:
      return "waiting";
    case WhyState::rebuilt:
      return "rebuilt";
    case WhyState::missing:
      return "missing";
    case WhyState::never:
      return "never built";
    case WhyState::blocked:
      return "blocked";
    default:
      return "broken";
  }
}

std::string format_why(const Why& why, bool with_key) {
  return WhyText().of(why, with_key);
}

std::string in_a_word(const Why& why) {
  if (why.state == WhyState::broken) return why.problem;
  if (why.state == WhyState::never) return "never built here";
  if (why.state == WhyState::missing) return "gone from the engine";
  std::size_t more = why.reasons.size();
  std::string word;
  if (!why.reasons.empty()) {
    word = describe(why.reasons.front().change);
    --more;
  } else if (why.keyed_anew) {
    word = "its key changed";
  }
  for (const Why& parent : why.parents) {
    if (parent.state != WhyState::rebuilt) continue;
    if (word.empty()) {
      word = "parent " + parent.title + " was built anew";
    } else {
      ++more;
    }
  }
  return more == 0 ? word : fmt::format("{}, and {} more", word, more);
}

Json to_json(const Why& why) {
  Json object = {{"target", why.target},
                 {"platform", why.platform},
                 {"state", to_string(why.state)},
                 {"built", why.built},
                 {"problem", why.problem},
                 {"hint", why.hint},
                 {"found", why.found},
                 {"parts_known", why.parts_known},
                 {"doubts", why.doubts},
                 {"input_key", why.input_key},
                 {"reasons", Json::array()},
                 {"parents", Json::array()}};
  for (const Reason& reason : why.reasons)
    object["reasons"].push_back(to_json(reason));
  for (const Why& parent : why.parents)
    object["parents"].push_back(to_json(parent));
  if (why.key.empty()) return object;
  object["key"] = Json::array();
  for (const ShownPart& part : why.key) {
    Json one = {{"kind", part.part.kind}, {"name", part.part.name}, {"digest", part.part.digest}};
    if (part.value) one["value"] = *part.value;
    object["key"].push_back(std::move(one));
  }
  return object;
}

}  // namespace cairn::stack
