// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/git.hpp"

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <algorithm>
#include <cstdlib>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

// Fields of a commit: a unit separator cannot stand in any but the subject, which is last.
constexpr const char* kFormat = "--format=%x01%H%x1f%at%x1f%an%x1f%s";

Command git(const fs::path& root, std::vector<std::string> arguments) {
  Command command;
  // Names are names here, never patterns, and no setting of the user's adds lines.
  command.argv = {"git", "--literal-pathspecs", "-c", "log.showSignature=false",
                  "-C",  root.string()};
  command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
  // Only looking: the user's own git may hold the lock of the index meanwhile.
  command.environment["GIT_OPTIONAL_LOCKS"] = "0";
  return command;
}

Commit parse_commit(const std::string& line) {
  const std::vector<std::string> fields = split(line, '\x1f');
  Commit commit;
  if (fields.size() < 4) return commit;
  commit.hash = fields[0];
  commit.date = format_utc(std::atoll(fields[1].c_str()));
  commit.author = fields[2];
  commit.subject = join({fields.begin() + 3, fields.end()}, "\x1f");
  return commit;
}

// Newest first: the first commit that names a path is the last that changed it.
void read_log(const std::string& text, std::map<std::string, PathHistory>& histories) {
  Commit commit;
  for (std::string word : split(text, '\0')) {
    if (!word.empty() && word.front() == '\x01') {
      commit = parse_commit(word.substr(1));
      continue;
    }
    // git puts an empty line between a commit and its names.
    if (!word.empty() && word.front() == '\n') word.erase(0, 1);
    const auto found = histories.find(word);
    if (found != histories.end() && !found->second.commit) found->second.commit = commit;
  }
}

bool is_below(const std::string& path, const std::string& folder) {
  return path == folder || path.rfind(folder.ends_with('/') ? folder : folder + "/", 0) == 0;
}

// `XY path`, git-status(1) "Short Format"; an ignored folder stands for all below it.
void read_status(const std::string& text, std::map<std::string, PathHistory>& histories) {
  for (const std::string& word : split(text, '\0')) {
    if (word.size() < 4) continue;
    const std::string named = word.substr(3);
    for (auto& [path, history] : histories) {
      if (!is_below(path, named)) continue;
      (word[0] == '!' ? history.ignored : history.uncommitted) = true;
    }
  }
}

GitChange change_of(const std::string& status, std::vector<std::string>::const_iterator& word) {
  GitChange change;
  change.status = status.front();
  if (change.status == 'R') change.old_path = *word++;
  change.path = *word++;
  return change;
}

}  // namespace

std::optional<GitTree> GitTree::find(const fs::path& folder) {
  std::error_code ignored;
  for (fs::path at = fs::absolute(folder).lexically_normal();; at = at.parent_path()) {
    // A file in a linked work tree or a submodule.
    if (fs::exists(at / ".git", ignored)) {
      if (!find_program("git")) return std::nullopt;
      return GitTree(at);
    }
    if (!at.has_relative_path()) return std::nullopt;
  }
}

std::string GitTree::relative(const fs::path& path) const {
  const std::string text = path.lexically_normal().lexically_relative(root_).string();
  return text == ".." || text.rfind("../", 0) == 0 || text == "." ? std::string() : text;
}

std::map<std::string, PathHistory> GitTree::history(const std::vector<std::string>& paths) const {
  std::map<std::string, PathHistory> histories;
  Command log = git(root_, {"log", kFormat, "--no-renames", "--name-only", "-c", "-z", "--stdin"});
  log.input = "--\n";
  for (const std::string& path : paths) {
    // git reads one a line.
    if (path.empty() || path.find('\n') != std::string::npos) continue;
    histories[path];
    log.input += path + "\n";
  }
  if (histories.empty()) return histories;
  const ProcessResult logged = run_process(log);
  const ProcessResult status =
      run_process(git(root_, {"status", "--porcelain=v1", "-z", "--untracked-files=all",
                              "--ignored=matching", "--no-renames"}));
  if (logged.exit_status != 0 || status.exit_status != 0) return {};
  read_log(logged.out, histories);
  read_status(status.out, histories);
  return histories;
}

Commit GitTree::commit(const std::string& revision) const {
  const ProcessResult shown = run_process(
      git(root_, {"log", "-1", kFormat, "--end-of-options", revision + "^{commit}", "--"}));
  if (shown.exit_status != 0 || shown.out.empty()) {
    throw UserError("'" + revision + "' is no commit of '" + root_.string() + "'",
                    "name a branch, tag or commit that is here: git fetch --unshallow, or "
                    "git fetch origin " +
                        shell_quote(revision));
  }
  return parse_commit(trim(shown.out).substr(1));
}

std::vector<GitChange> GitTree::changes_since(const std::string& commit) const {
  std::vector<GitChange> changes;
  const std::vector<std::string> words =
      split(run_checked(git(root_, {"diff", "--name-status", "-z", "-M", commit, "--"})), '\0');
  for (auto word = words.begin(); word != words.end() && !word->empty();) {
    const std::string& status = *word++;
    changes.push_back(change_of(status, word));
  }
  const std::string untracked =
      run_checked(git(root_, {"ls-files", "-z", "--others", "--exclude-standard"}));
  for (const std::string& path : split(untracked, '\0')) {
    if (!path.empty()) changes.push_back({'?', path, {}});
  }
  std::sort(changes.begin(), changes.end(),
            [](const GitChange& a, const GitChange& b) { return a.path < b.path; });
  return changes;
}

void GitTree::write_tree(const std::string& commit, const fs::path& folder) const {
  fs::create_directories(folder);
  const std::string index = (folder.parent_path() / (folder.filename().string() + ".index"));
  Command read = git(root_, {"read-tree", commit});
  Command write = git(root_, {"checkout-index", "--all", "--prefix=" + folder.string() + "/"});
  read.environment["GIT_INDEX_FILE"] = write.environment["GIT_INDEX_FILE"] = index;
  // The files behind LFS pointers may be far away, and what changed is told by the pointers.
  write.environment["GIT_LFS_SKIP_SMUDGE"] = "1";
  run_checked(read);
  run_checked(write);
  fs::remove(index);
}

}  // namespace cairn::stack
