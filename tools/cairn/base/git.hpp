// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/process.hpp"

#include <string>
#include <vector>

namespace cairn {

/// What git says to `arguments` in `directory`, without blanks around it; empty where it has no
/// answer (no git, no folder, no repository, a shallow one).
std::string git_answer(const std::string& directory, const std::vector<std::string>& arguments);

/// What git_answer runs. Only looking: the user's own git may hold the lock of the index meanwhile.
Command git_command(const std::string& program, const std::string& directory,
                    const std::vector<std::string>& arguments);

/// The commit that is checked out in `directory`, 40 hex digits; empty as above.
std::string checked_out_commit(const std::string& directory);

/// The folder that git keeps and that is `directory` or holds it; empty where there is none. Asks
/// no git: it is known even where that is missing, or refuses to answer.
std::string work_tree_above(const std::string& directory);

/// What git knows of the work tree that holds a folder.
struct SourceTree {
  std::string commit;  ///< checked out; empty as above
  /// Files that git follows are not as they are in that commit, or git does not tell, though there
  /// is a work tree.
  bool dirty = false;
};

/// Both by one question: a process costs as much as the answer.
SourceTree source_tree(const std::string& directory);

}  // namespace cairn
