// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "stack/build/superseded.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace cairn::stack {

/// An image on one platform that was declared once: of all there is, its folder alone knows of it.
struct UndeclaredImage {
  ImageFolder folder;
  std::string stack;           ///< that declared it; empty when no file says so
  std::filesystem::path root;  ///< beside `images`: where its stack file is, or was
  std::optional<ImageRecord> record;
  std::string unreadable;  ///< why its record cannot be read, which says what it holds
  std::vector<SupersededImage> superseded;
  /// The engine.json of the engine that has its images; empty when this build tree has none that
  /// the record is of.
  std::string engine_file;

  std::string name() const;  ///< `web/x86_64`
  /// Or may do so: what cannot be read may say anything.
  bool holds_images() const {
    return record.has_value() || !unreadable.empty() || !superseded.empty();
  }
};

/// The image folders of a build tree.
struct TreeImages {
  std::vector<ImageFolder> declared;        ///< of every stack and configuration
  std::vector<UndeclaredImage> undeclared;  ///< children first
};

/// Those of the build tree that `stack_file` is of. An undeclared image is told of once: for the
/// stack that declared it, or for the tree's first where that is gone as well. An image that this
/// tree does not build, but others do (of a platform that its preset leaves out, or in a tree that
/// only publishes), is declared. A tree that was moved or copied tells of none: its stack files
/// speak of folders elsewhere.
TreeImages tree_images(const std::filesystem::path& stack_file);

}  // namespace cairn::stack
