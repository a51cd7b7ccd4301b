// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/report/changes.hpp"
#include "stack/report/git.hpp"
#include "stack/report/outlook.hpp"
#include "stack/report/stack_view.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

enum class WhyState {
  fresh,
  stale,
  waiting,  ///< fresh itself, but a parent is not
  rebuilt,  ///< a parent that is fresh again, but other content than its child was built on
  missing,  ///< built once, gone from the engine
  never,    ///< never built here
  blocked,  ///< a parent cannot be keyed
  broken
};

std::string to_string(WhyState state);

struct Reason {
  PartChange change;
  std::string path;  ///< the file behind it, absolute, then relative to the git root if in one
  std::optional<PathHistory> history;  ///< nothing where git has none
};

/// Why one image is as it is, down to what somebody edited.
struct Why {
  std::string target, platform, title;
  WhyState state = WhyState::fresh;
  std::string built;  ///< RFC 3339, empty when never
  std::string problem, hint;
  bool found = false;       ///< a build finds it made: the key is known and the image there
  bool keyed_anew = false;  ///< its input key differs from that of the build in question
  bool parts_known = true;  ///< false: what that build's key held was not kept
  std::vector<Reason> reasons;
  std::string ignore_file;  ///< what decides which files of its context count, as messages name it
  std::vector<std::string> doubts;  ///< what made the whole context count (exactness rule 6)
  std::vector<Why> parents;         ///< those that are a reason
  std::string input_key;
  std::vector<ShownPart> key;  ///< all that it holds now, of explain_with_key
};

/// Explains the image at `index` of `view`. `outlook` are the outlooks of that view.
Why explain(StackView& view, const std::vector<Outlook>& outlook, std::size_t index);

/// The same with all that its key holds now, and what of it is in doubt.
Why explain_with_key(StackView& view, const std::vector<Outlook>& outlook, std::size_t index);

/// Asks git, by two processes a repository, who last changed the files behind the reasons.
void add_history(std::vector<Why>& all);

/// As people read it; `with_key` lists all that the key holds.
std::string format_why(const Why& why, bool with_key = false);
/// One reason, for plans: `file bin/start.sh changed and 2 more`.
std::string in_a_word(const Why& why);

/// `cairn/why/1`.
nlohmann::json to_json(const Why& why);

}  // namespace cairn::stack
