// SPDX-License-Identifier: BSD-3-Clause
#include "engine/image_files.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/child.hpp"
#include "engine/cli.hpp"
#include "engine/container_removal.hpp"
#include "engine/engine.hpp"
#include "engine/run_commands.hpp"

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sstream>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace cairn::engine {
namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;
constexpr std::chrono::seconds kEnd{5};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw_errno("making", "pipe");
  return ends;
}

/// Reads until the end, or until `enough` says so.
std::string read_all(int fd, const std::function<bool(const std::string&)>& enough) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const std::size_t got = read_some(fd, buffer.data(), buffer.size(), "tar");
    text.append(buffer.data(), got);
    if (got == 0 || enough(text)) return text;
  }
}

std::string content_of(int fd) {
  ::lseek(fd, 0, SEEK_SET);
  return read_to_end(fd, "tar");
}

bool says_absent(const std::string& error) {
  const std::string text = to_lower(error);
  for (const char* word : {"no such container:path", "could not find", "could not be found",
                           "no such file", "not a directory"}) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

/// A line of `tar --numeric-owner --full-time -tv`:
/// `lrwxrwxrwx 0/0 0 2026-11-24 00:18:02 name -> target`.
FileInfo parse_listing(const std::string& line) {
  std::istringstream words(line);
  FileInfo info;
  std::string owner;
  words >> info.mode >> owner;
  if (std::sscanf(owner.c_str(), "%ld/%ld", &info.uid, &info.gid) != 2) {
    throw Error("tar: unexpected listing '" + line + "'");
  }
  if (info.mode.front() == 'h') info.mode.front() = '-';
  const std::size_t arrow = line.find(" -> ");
  if (info.mode.front() == 'l' && arrow != std::string::npos) info.link = line.substr(arrow + 4);
  return info;
}

std::vector<std::string> create_words(const Endpoint& endpoint, const std::string& image,
                                      const std::string& name) {
  std::vector<std::string> words{"create", "--pull=never", "--name", name};
  append(words, endpoint.run_flags);
  append(words, {image, "/never-started"});
  return words;
}

/// docker and podman: `cp CONTAINER:PATH -` writes a tar archive, which tar(1) reads. Of a folder
/// only the first member is waited for.
class CopiedFiles : public ImageFiles {
 public:
  CopiedFiles(const Endpoint& endpoint, const std::string& image, std::string name)
      : endpoint_(endpoint), name_(std::move(name)), removal_(endpoint, name_) {
    require_cli(endpoint, plain_command(endpoint, create_words(endpoint, image, name_)),
                "make a container of '" + image + "'");
  }

  std::optional<FileInfo> stat(const std::string& path) override {
    const auto text = through_tar(path, {"--numeric-owner", "--full-time", "-tvf", "-"}, true);
    if (!text || text->empty()) return std::nullopt;
    FileInfo info = parse_listing(split_lines(*text).front());
    // podman writes the container's user into the archive as the owner of everything.
    info.owner_known = endpoint_.kind != "podman";
    return info;
  }

  std::optional<std::string> read_plain(const std::string& path) override {
    return through_tar(path, {"-xOf", "-"}, false);
  }

 private:
  std::optional<std::string> through_tar(const std::string& path,
                                         const std::vector<std::string>& tar_words,
                                         bool first_line) {
    const auto program = find_program("tar");
    if (!program) throw UserError("tar is not on PATH", "apt-get install tar");
    const auto archive = make_pipe();
    FileDescriptor archive_out(archive[0]);
    FileDescriptor archive_in(archive[1]);
    const auto listing = make_pipe();
    const FileDescriptor listing_out(listing[0]);
    FileDescriptor listing_in(listing[1]);
    const FileDescriptor errors(::memfd_create("cairn-cp", MFD_CLOEXEC));

    Command tar{{*program}, {{"LC_ALL", "C"}}, {}, {}};
    append(tar.argv, tar_words);
    Child copy(plain_command(endpoint_, {"cp", name_ + ":" + path, "-"}),
               {-1, archive_in.get(), errors.get()});
    Child reader(tar, {archive_out.get(), listing_in.get(), -1});
    archive_in.reset();
    archive_out.reset();
    listing_in.reset();
    const auto has_line = [](const std::string& text) {
      return text.find('\n') != std::string::npos;
    };
    std::string text = read_all(
        listing_out.get(),
        first_line ? std::function(has_line) : [](const std::string&) { return false; });
    if (first_line && has_line(text)) {
      reader.end(std::chrono::milliseconds(0));
      copy.end(std::chrono::milliseconds(0));
      return text;
    }
    if (copy.wait_for(kEnd) && copy.exit_status() == 0) return text;
    const std::string error = trim(content_of(errors.get()));
    if (says_absent(error)) return std::nullopt;
    throw Error(fmt::format("reading '{}' of the image: {}", path, last_lines(error, 1)));
  }

  Endpoint endpoint_;
  std::string name_;
  const ContainerRemoval removal_;
};

std::string mode_text(mode_t mode) {
  std::string text = S_ISDIR(mode) ? "d" : S_ISLNK(mode) ? "l" : "-";
  const char* letters = "rwx";
  for (int bit = 8; bit >= 0; --bit) {
    text += (mode & (1U << static_cast<unsigned>(bit))) != 0 ? letters[(8 - bit) % 3] : '-';
  }
  if ((mode & S_ISUID) != 0) text[3] = text[3] == 'x' ? 's' : 'S';
  if ((mode & S_ISGID) != 0) text[6] = text[6] == 'x' ? 's' : 'S';
  if ((mode & S_ISVTX) != 0) text[9] = text[9] == 'x' ? 't' : 'T';
  return text;
}

/// buildah and podman: the file system of a container, mounted.
class MountedFiles : public ImageFiles {
 public:
  MountedFiles(const Endpoint& endpoint, const std::string& image, std::string name)
      : endpoint_(endpoint), name_(std::move(name)), removal_(endpoint, name_) {
    std::vector<std::string> words{"from", "--pull-never", "--name", name_, image};
    if (endpoint.kind == "podman") words = create_words(endpoint, image, name_);
    require_cli(endpoint, plain_command(endpoint, words), "make a container of '" + image + "'");
    root_ = trim(
        require_cli(endpoint, plain_command(endpoint, {"mount", name_}), "mount '" + image + "'"));
  }

  std::optional<FileInfo> stat(const std::string& path) override {
    const auto found = locate(path);
    struct stat info {};
    if (!found || ::lstat(found->c_str(), &info) != 0) return std::nullopt;
    FileInfo result{mode_text(info.st_mode), info.st_uid, info.st_gid, true, {}};
    if (S_ISLNK(info.st_mode)) result.link = fs::read_symlink(*found).string();
    return result;
  }

  std::optional<std::string> read_plain(const std::string& path) override {
    const auto found = locate(path);
    if (!found || !fs::is_regular_file(fs::symlink_status(*found))) return std::nullopt;
    return read_file(*found);
  }

 private:
  /// The file below the mount; links among its folders are followed inside the image.
  std::optional<fs::path> locate(const std::string& path) const {
    fs::path seen = "/";
    fs::path rest = fs::path(path).lexically_normal().relative_path();
    for (int links = 0; links < kMaxLinks;) {
      if (rest.empty()) return fs::path(root_) / seen.relative_path();
      const fs::path part = *rest.begin();
      rest = rest.lexically_relative(part);
      if (rest == ".") rest.clear();
      const fs::path here = fs::path(root_) / (seen / part).relative_path();
      if (rest.empty() || !fs::is_symlink(fs::symlink_status(here))) {
        seen /= part;
        continue;
      }
      ++links;
      rest = (seen / fs::read_symlink(here) / rest).lexically_normal().relative_path();
      seen = "/";
    }
    return std::nullopt;
  }

  Endpoint endpoint_;
  std::string name_;
  const ContainerRemoval removal_;
  std::string root_;
};

}  // namespace

std::optional<std::string> ImageFiles::read(const std::string& path) {
  fs::path at = path;
  for (int links = 0; links < kMaxLinks; ++links) {
    const auto info = stat(at.string());
    if (!info) return std::nullopt;
    if (info->mode.front() == 'd') throw Error("'" + path + "' is a folder");
    if (info->mode.front() != 'l') return read_plain(at.string());
    at = (at.parent_path() / info->link).lexically_normal();
  }
  throw Error("too many links at '" + path + "'");
}

std::unique_ptr<ImageFiles> open_image_files(const Endpoint& endpoint, const std::string& image,
                                             const std::string& name) {
  // Only root may mount podman's containers without a name space of its own.
  const bool mounts = endpoint.kind == "buildah" || (endpoint.kind == "podman" && ::geteuid() == 0);
  if (mounts) return std::make_unique<MountedFiles>(endpoint, image, name);
  return std::make_unique<CopiedFiles>(endpoint, image, name);
}

std::unique_ptr<ImageFiles> Engine::files(const std::string& image, const std::string& name) {
  return open_image_files(endpoint(), image, name);
}

}  // namespace cairn::engine
