// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::stack {

/// What the names of stack files end with.
inline constexpr std::string_view kStackSuffix = ".stack.json";

/// The files of one image on one platform, in `<build>/cairn/images/<target>/<arch>/`.
struct ImageFolder {
  std::filesystem::path path;

  std::filesystem::path build_description() const { return path / "build.json"; }
  std::filesystem::path inspect_description() const { return path / "inspect.json"; }
  std::filesystem::path test_description() const { return path / "test.json"; }
  std::filesystem::path key() const { return path / "key"; }
  std::filesystem::path tests_key() const { return path / "tests.key"; }
  std::filesystem::path image_record() const { return path / "image.json"; }
  std::filesystem::path identity() const { return path / "identity"; }
  std::filesystem::path config() const { return path / "config"; }
  std::filesystem::path inspection() const { return path / "inspection.json"; }
  std::filesystem::path tags() const { return path / "tags.txt"; }
  std::filesystem::path manifest() const { return path / "manifest.md"; }
  std::filesystem::path history() const { return path / "history.md"; }
  std::filesystem::path export_record() const { return path / "export.json"; }
  std::filesystem::path build_log() const { return path / "build.log"; }
  /// The command line that builds the image, for hints: it works without `-C`.
  std::string build_command() const;
  /// Whether a file that the last build wrote is gone. Ninja is not told of all of them, so it is
  /// the scan that notices.
  bool lacks_build_files() const;
  /// The same of the last inspection.
  bool lacks_inspection_files() const;
  std::filesystem::path test_record(const std::string& test) const;
  std::filesystem::path test_log(const std::string& test) const;
  std::filesystem::path test_junit(const std::string& test) const;
};

/// The files of a build tree whose names end with `suffix` and that stand beside `images`, sorted:
/// in `<dir>/cairn` or, for multi-config trees, `<dir>/cairn/*`; `dir` may also be the cairn
/// folder.
std::vector<std::filesystem::path> find_tree_files(const std::filesystem::path& dir,
                                                   std::string_view suffix);

/// The stack files of a build tree: `<dir>/cairn/*.stack.json` or, for multi-config trees,
/// `<dir>/cairn/*/*.stack.json`; `dir` may also be the cairn folder or a stack file itself.
/// Throws UserError when there is none.
std::vector<std::filesystem::path> find_stack_files(const std::filesystem::path& dir);

/// The stack files of these image folders, each once.
std::vector<std::filesystem::path> stack_files_of(const std::vector<ImageFolder>& folders);

/// The image folders that `name` means below build tree `dir`: a folder that holds build.json, a
/// target (`scipy-notebook`, every platform of it) or target/arch (`scipy-notebook/aarch64`).
/// Throws UserError with the nearest name when there is none.
std::vector<ImageFolder> find_images(const std::filesystem::path& dir, const std::string& name);

}  // namespace cairn::stack
