// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace cairn::engine {

/// A file of an image.
struct FileInfo {
  std::string mode;  ///< as `ls -l` shows it: `-rwxr-xr-x`, `drwxrwxrwt`, `lrwxrwxrwx`
  long uid = 0;
  long gid = 0;
  bool owner_known = true;  ///< rootless podman cannot say
  std::string link;         ///< where a symbolic link points
};

/// The files of one image, read without running anything in it: also where it has no shell.
class ImageFiles {
 public:
  virtual ~ImageFiles() = default;
  /// The file itself, not what a link points to; nothing when there is none.
  virtual std::optional<FileInfo> stat(const std::string& path) = 0;
  /// The content of a file that is not a link; nothing when there is no such file.
  virtual std::optional<std::string> read_plain(const std::string& path) = 0;

  /// The content of a file, links followed inside the image.
  std::optional<std::string> read(const std::string& path);
};

struct Endpoint;

/// Makes a container of `image`, never started, named `name`, removed with the object.
std::unique_ptr<ImageFiles> open_image_files(const Endpoint& endpoint, const std::string& image,
                                             const std::string& name);

}  // namespace cairn::engine
