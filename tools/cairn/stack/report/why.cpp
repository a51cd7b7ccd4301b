// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/why.hpp"

#include "base/error.hpp"
#include "stack/model/record_store.hpp"
#include "stack/scan/context.hpp"
#include "stack/scan/recipe.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

bool is_in(const std::string& path, const std::string& folder) {
  return folder.empty() || path == folder || path.rfind(folder + "/", 0) == 0;
}

std::string path_of(const BuildDescription& image, const PartChange& change) {
  if (change.kind == "file") {
    for (const Generated& made : image.generated) {
      if (is_in(change.name, made.into)) return {};
    }
    return image.context + "/" + change.name;
  }
  if (change.kind == "stage" || change.kind == "use") return image.dockerfile;
  const bool declared =
      change.kind == "argument" || change.kind == "label" || change.kind == "option";
  return declared ? image.declared_at : std::string();
}

class Explanation {
 public:
  Explanation(StackView& view, const std::vector<Outlook>& outlook)
      : view_(view), outlook_(outlook) {}

  /// `since`: the build to compare with.
  Why explain(const ImageView& image, const std::optional<ImageRecord>& since) {
    Why why;
    why.target = image.image.target;
    why.platform = image.image.platform.to_string();
    why.title = image.image.title();
    why.problem = image.key.error;
    why.hint = image.key.hint;
    if (image.record) why.built = image.record->created;
    if (image.state == ImageState::broken) {
      why.state = WhyState::broken;
      return why;
    }
    why.input_key = view_.input_key(image);
    why.found = outlook_of(image).action == Action::reuse;
    if (since) {
      compare_keys(image, *since, why);
      add_parents(image, *since, why);
    }
    if (!why.reasons.empty()) why.ignore_file = ignore_file_of(image);
    why.state = state_of(image);
    return why;
  }

  /// What the image at hand shows beyond reasons.
  void add_key(const ImageView& image, Why& why) {
    if (why.input_key.empty()) return;
    why.key = now(image);
    for (const ShownPart& part : why.key) {
      if (part.part.kind == "doubt") why.doubts.push_back(part.part.name);
    }
  }

 private:
  WhyState state_of(const ImageView& image) const {
    if (!image.record) return WhyState::never;
    if (!image.held) return WhyState::missing;
    switch (outlook_of(image).action) {
      case Action::none:
        return WhyState::fresh;
      case Action::perhaps:
        return WhyState::waiting;
      case Action::blocked:
        return WhyState::blocked;
      default:
        return WhyState::stale;
    }
  }

  const Outlook& outlook_of(const ImageView& image) const {
    return outlook_[static_cast<std::size_t>(&image - view_.images().data())];
  }

  RecordStore store_of(const ImageView& image) {
    return {view_.stack().store, view_.engine_of(image).endpoint().identity};
  }

  void compare_keys(const ImageView& image, const ImageRecord& since, Why& why) {
    why.keyed_anew = why.input_key != since.input_key;
    if (!why.keyed_anew) return;
    const auto then = kept_parts(view_.stack().store, since.input_key);
    why.parts_known = then.has_value() && !why.input_key.empty();
    if (!why.parts_known) return;
    for (PartChange& change : part_changes(*then, now(image))) {
      std::string path = path_of(image.image, change);
      why.reasons.push_back({std::move(change), std::move(path), std::nullopt});
    }
  }

  std::string ignore_file_of(const ImageView& image) {
    if (image.image.generated_context) return {};
    const engine::Endpoint& endpoint = view_.engine_of(image).endpoint();
    const auto files = ignore_file_candidates(image.image, endpoint);
    return ignore_file_name(read_ignore_rules(files, endpoint), image.image.context);
  }

  std::vector<ShownPart> now(const ImageView& image) {
    const auto& arguments =
        image.image.generated_context ? image.image.build_args : view_.recipe(image).arguments;
    return shown_parts(view_.parts(image), image.image, arguments);
  }

  // A parent is a reason when it is not fresh, or not what this image was built on.
  void add_parents(const ImageView& image, const ImageRecord& since, Why& why) {
    for (const Parent& parent : image.image.parents) {
      const ImageView& now = view_.parent(parent);
      const auto then = std::find_if(since.parents.begin(), since.parents.end(),
                                     [&](const auto& one) { return one.target == parent.target; });
      if (then == since.parents.end()) continue;  // another reference: the recipe says so
      const bool moved = now.record && now.record->identity != then->identity;
      const bool fresh = outlook_of(now).action == Action::none;
      if (fresh && !moved) continue;
      std::optional<ImageRecord> base = now.record;
      if (moved) {
        auto filed = store_of(now).find(then->build_key);
        if (filed) base = std::move(filed);
      }
      Why reason = explain(now, base);
      if (fresh) reason.state = WhyState::rebuilt;
      why.parents.push_back(std::move(reason));
    }
  }

  StackView& view_;
  const std::vector<Outlook>& outlook_;
};

/// Every reason of `all`, parents' included.
void for_each_reason(std::vector<Why>& all, const std::function<void(Reason&)>& visit) {
  for (Why& why : all) {
    for (Reason& reason : why.reasons)
      visit(reason);
    for_each_reason(why.parents, visit);
  }
}

}  // namespace

Why explain(StackView& view, const std::vector<Outlook>& outlook, std::size_t index) {
  const ImageView& image = view.images().at(index);
  return Explanation(view, outlook).explain(image, image.record);
}

Why explain_with_key(StackView& view, const std::vector<Outlook>& outlook, std::size_t index) {
  const ImageView& image = view.images().at(index);
  Explanation explanation(view, outlook);
  Why why = explanation.explain(image, image.record);
  explanation.add_key(image, why);
  return why;
}

void add_history(std::vector<Why>& all) {
  std::map<std::string, std::optional<GitTree>> trees;  // by folder
  std::map<std::string, std::set<std::string>> wanted;  // paths by the root of their tree
  const auto tree_of = [&](const std::string& path) -> const std::optional<GitTree>& {
    const std::string folder = fs::path(path).parent_path();
    const auto [known, is_new] = trees.try_emplace(folder);
    if (is_new) known->second = GitTree::find(folder);
    return known->second;
  };
  for_each_reason(all, [&](Reason& reason) {
    if (reason.path.empty()) return;
    if (const auto& tree = tree_of(reason.path)) {
      wanted[tree->root()].insert(tree->relative(reason.path));
    }
  });
  std::map<std::string, std::map<std::string, PathHistory>> found;
  for (const auto& [root, paths] : wanted) {
    found[root] = GitTree::find(root)->history({paths.begin(), paths.end()});
  }
  for_each_reason(all, [&](Reason& reason) {
    if (reason.path.empty() || !tree_of(reason.path)) return;
    const GitTree& tree = *tree_of(reason.path);
    reason.path = tree.relative(reason.path);
    const auto& histories = found[tree.root()];
    const auto history = histories.find(reason.path);
    if (history != histories.end()) reason.history = history->second;
  });
}

}  // namespace cairn::stack
