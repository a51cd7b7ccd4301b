// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/affected.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "stack/report/changes.hpp"
#include "stack/report/tree_side.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

using How = AffectedImage::How;

bool is_in(const std::string& path, const std::string& folder) {
  return folder == "." || path == folder || path.rfind(folder + "/", 0) == 0;
}

/// The paths that git calls changed.
class ChangedPaths {
 public:
  explicit ChangedPaths(const std::vector<GitChange>& changes) {
    for (const GitChange& change : changes) {
      paths_.push_back(change.path);
      if (!change.old_path.empty()) paths_.push_back(change.old_path);
    }
  }

  /// Whether `path` changed: itself, or the submodule that it lies in.
  bool touch(const std::string& path) const {
    return std::any_of(paths_.begin(), paths_.end(),
                       [&](const std::string& changed) { return is_in(path, changed); });
  }

  bool touch_below(std::string folder) const {
    if (folder.ends_with('/')) folder.pop_back();
    return std::any_of(paths_.begin(), paths_.end(), [&](const std::string& changed) {
      return folder.empty() || is_in(changed, folder);
    });
  }

  const std::vector<std::string>& all() const { return paths_; }

 private:
  std::vector<std::string> paths_;
};

/// Compares two trees image by image, parents first.
class Comparison {
 public:
  Comparison(TreeSide then, TreeSide now, const fs::path& old_root, const fs::path& root,
             const ChangedPaths& changed)
      : then_(std::move(then)),
        now_(std::move(now)),
        old_root_(old_root),
        root_(root),
        changed_(changed) {}

  void run(Affected& result) {
    for (const std::string& id : now_.order) {
      AffectedImage image = compare(id);
      if (image.reasons.empty()) continue;
      if (is_built_anew(image.how)) built_anew_.insert(id);
      result.affected.push_back(std::move(image));
    }
    for (const std::string& id : then_.order) {
      if (now_.images.count(id) != 0) continue;
      const BuildDescription& image = then_.images[id].image;
      result.removed.push_back(image.target + " " + image.platform.to_string());
    }
  }

 private:
  static bool is_built_anew(How how) { return how != How::inspection && how != How::tests; }

  AffectedImage compare(const std::string& id) {
    const ImageSide& now = now_.images[id];
    AffectedImage image;
    image.stack = now.stack;
    image.target = now.image.target;
    image.platform = now.image.platform.to_string();
    image.title = now.image.title();
    const auto old = then_.images.find(id);
    if (old == then_.images.end()) {
      image.how = How::added;
      image.reasons.emplace_back("new");
    } else {
      compare_parts(old->second, now, image);
      if (image.reasons.empty()) add_parents(id, now, image);
      if (image.reasons.empty()) compare_steps(old->second, now, image);
    }
    if (!image.reasons.empty() && is_built_anew(image.how)) {
      for (const auto& [name, unused] : now.tests)
        image.tests.push_back(name);
    }
    return image;
  }

  void compare_parts(const ImageSide& then, const ImageSide& now, AffectedImage& image) {
    image.how = How::changed;
    if (!now.problem.empty()) {
      // What it takes in is not known: its folder must do.
      const bool moved =
          now.problem != then.problem || changed_.touch_below(relative(now.image.context, root_));
      if (moved) image.reasons.push_back("cannot be keyed: " + now.problem);
      return;
    }
    if (!then.problem.empty()) {
      image.reasons.push_back("could not be keyed: " + then.problem);
      return;
    }
    bool by_files = false;
    for (const PartChange& change : part_changes(then.parts, now.parts)) {
      if (change.kind == "file" && !is_real(change, then, now)) continue;
      image.reasons.push_back(describe(change));
      by_files = by_files || change.kind == "file";
    }
    if (by_files) add_doubts(now, image);
    if (then.bootstrap != now.bootstrap)
      image.reasons.emplace_back("its bootstrap is made otherwise");
    const std::string reached = now.image.generated.empty() ? "" : first_outside_contexts();
    if (!reached.empty()) {
      image.reasons.push_back("in doubt: what the build stages into it may depend on " + reached);
    }
  }

  // First, as they say what the files behind them are worth.
  static void add_doubts(const ImageSide& now, AffectedImage& image) {
    for (const ShownPart& shown : now.parts) {
      if (shown.part.kind != "doubt") continue;
      image.reasons.insert(image.reasons.begin(), "in doubt, all files count: " + shown.part.name);
    }
  }

  // Folders, and modes beyond x, are not in git; files that git ignores are in one tree alone.
  bool is_real(const PartChange& change, const ImageSide& then, const ImageSide& now) const {
    const auto folder = [](const std::string& digest) {
      return digest.empty() || digest.rfind("folder", 0) == 0;
    };
    if (folder(change.then) && folder(change.now)) return false;
    if (changed_.touch(relative(now.image.context, root_) + change.name) ||
        changed_.touch(relative(then.image.context, old_root_) + change.name)) {
      return true;
    }
    // An ignore file or a COPY may take in, or leave out, what is the same in both trees.
    const ImageSide& other = change.what == PartChange::What::added ? then : now;
    const bool one_sided = change.then.empty() || change.now.empty();
    std::error_code ignored;
    return one_sided &&
           fs::exists(fs::symlink_status(fs::path(other.image.context) / change.name, ignored));
  }

  static std::string relative(const fs::path& context, const fs::path& root) {
    const std::string path = context.lexically_normal().lexically_relative(root).string();
    return path == "." ? "" : path + "/";
  }

  std::string first_outside_contexts() const {
    for (const std::string& path : changed_.all()) {
      const bool inside = std::any_of(now_.images.begin(), now_.images.end(), [&](const auto& one) {
        const std::string context = relative(one.second.image.context, root_);
        return !context.empty() && path.rfind(context, 0) == 0;
      });
      if (!inside) return path;
    }
    return {};
  }

  void add_parents(const std::string& id, const ImageSide& now, AffectedImage& image) const {
    // `<config>/<stack>/<target>/<arch>`
    const fs::path own(id);
    for (const Parent& parent : now.image.parents) {
      const fs::path other = own.parent_path().parent_path() / parent.target / own.filename();
      if (built_anew_.count(other.string()) == 0) continue;
      image.how = How::parent;
      image.reasons.push_back("its parent " + parent.target);
    }
  }

  void compare_steps(const ImageSide& then, const ImageSide& now, AffectedImage& image) const {
    for (const auto& [name, test] : now.tests) {
      const auto old = then.tests.find(name);
      std::string reason;
      if (old == then.tests.end()) {
        reason = "test " + name + " is new";
      } else if (old->second.declaration != test.declaration) {
        reason = "test " + name + " is declared otherwise";
      } else if (old->second.inputs_key != test.inputs_key && reads_changed(test, old->second)) {
        reason = "test " + name + ": what it reads changed";
      }
      if (reason.empty()) continue;
      image.how = How::tests;
      image.tests.push_back(name);
      image.reasons.push_back(reason);
    }
    if (then.inspection == now.inspection) return;
    if (image.reasons.empty()) image.how = How::inspection;
    image.reasons.emplace_back("its probes or sections changed");
  }

  bool reads_changed(const TestSide& now, const TestSide& then) const {
    const auto touched = [&](const std::string& path) {
      return changed_.touch(path) || changed_.touch_below(path);
    };
    return std::any_of(now.paths.begin(), now.paths.end(), touched) ||
           std::any_of(then.paths.begin(), then.paths.end(), touched);
  }

  TreeSide then_, now_;
  fs::path old_root_, root_;
  const ChangedPaths& changed_;
  std::set<std::string> built_anew_;
};

bool is_read_by_cmake(const BuildTree& tree, const GitTree& git, const ChangedPaths& changed) {
  const std::vector<std::string> inputs = tree.inputs();
  return std::any_of(changed.all().begin(), changed.all().end(), [&](const std::string& path) {
    const std::string name = fs::path(path).filename();
    const std::string whole = git.root() / path;
    return name == "CMakeLists.txt" || name.ends_with(".cmake") || name.ends_with("Presets.json") ||
           std::find(inputs.begin(), inputs.end(), whole) != inputs.end();
  });
}

void take_all(const TreeSide& now, Affected& result) {
  for (const std::string& id : now.order) {
    const ImageSide& side = now.images.at(id);
    AffectedImage image{side.stack,
                        side.image.target,
                        side.image.platform.to_string(),
                        side.image.title(),
                        How::changed,
                        {"everything counts"},
                        {}};
    for (const auto& [name, unused] : side.tests)
      image.tests.push_back(name);
    result.affected.push_back(std::move(image));
  }
}

/// How the old tree's descriptions are come by.
Affected::Compared describe_old(const OldTree& old, const BuildTree& tree, const GitTree& git,
                                const ChangedPaths& changed, Affected& result) {
  const auto problem = old.configure();
  if (!problem) return Affected::Compared::descriptions;
  result.problem = *problem;
  if (is_read_by_cmake(tree, git, changed)) return Affected::Compared::all;
  std::error_code ignored;
  fs::remove_all(old.build(), ignored);
  old.borrow_descriptions();
  return Affected::Compared::files;
}

}  // namespace

Affected find_affected(const fs::path& build, const std::string& revision,
                       const engine::Opener& open) {
  const BuildTree tree = BuildTree::find(build);
  const auto git = GitTree::find(tree.source);
  if (!git) {
    throw UserError(
        "'" + tree.source.string() + "' is in no git repository, or there is no git",
        "what would be built now needs neither: cairn plan -C " + shell_quote(tree.build.string()));
  }
  Affected result;
  result.since = git->commit(revision);
  result.changes = git->changes_since(result.since.hash);
  tree.refresh();
  Engines engines(open);
  TreeSide now = read_side(tree.build, git->root(), engines);
  result.images = now.order.size();
  if (result.changes.empty()) return result;
  const ChangedPaths changed(result.changes);
  const TempDir folder("cairn-affected-");
  const fs::path place = fs::canonical(folder.path());
  const OldTree old(*git, tree, result.since.hash, place);
  result.compared = describe_old(old, tree, *git, changed, result);
  if (result.compared != Affected::Compared::all) {
    try {
      TreeSide then = read_side(old.build(), old.root(), engines);
      Comparison(std::move(then), std::move(now), old.root(), git->root(), changed).run(result);
      return result;
    } catch (const Error& error) {
      // Descriptions of a Cairn whose form this one does not know.
      result.compared = Affected::Compared::all;
      result.problem = error.what();
      result.affected.clear();
      now = read_side(tree.build, git->root(), engines);
    }
  }
  take_all(now, result);
  return result;
}

}  // namespace cairn::stack
