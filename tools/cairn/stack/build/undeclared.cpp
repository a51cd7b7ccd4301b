// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/undeclared.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "engine/endpoint.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

/// One stack file and what it says.
struct Declaring {
  fs::path file;
  StackFile stack;
};

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) found.push_back(entry.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// `<build>/cairn`: where the engine's file is and, unless there are configurations, `file`. None
/// of a tree that is not where it was configured.
std::optional<fs::path> top_of(const Declaring& declaring) {
  const fs::path engine = fs::weakly_canonical(declaring.stack.engine_file).parent_path();
  const fs::path beside = declaring.file.parent_path();
  if (engine == beside || engine == beside.parent_path()) return engine;
  return std::nullopt;
}

std::vector<Declaring> stacks_below(const fs::path& top) {
  std::vector<Declaring> all;
  for (const fs::path& file : find_tree_files(top, kStackSuffix))
    all.push_back({file, StackFile::read(file)});
  return all;
}

/// An image folder as the file system has it, below the `images` of `root`, which may be a link.
struct FoundFolder {
  fs::path root;
  ImageFolder folder;
};

/// The image folders in `top` and in its configurations, also in those that are gone.
std::vector<FoundFolder> image_folders(const fs::path& top) {
  std::vector<fs::path> roots = folders_in(top);
  roots.insert(roots.begin(), top);
  std::set<fs::path> seen;
  std::vector<FoundFolder> found;
  for (const fs::path& root : roots) {
    const fs::path images = fs::weakly_canonical(root / "images");
    if (!seen.insert(images).second) continue;
    for (const fs::path& target : folders_in(images)) {
      for (const fs::path& platform : folders_in(target))
        found.push_back({root, {platform}});
    }
  }
  return found;
}

/// Image folders as the file system has them. Their `images` may be named through links; what is
/// below it rarely is, so that a family of a thousand is not looked up one by one.
class Folders {
 public:
  fs::path canonical(const fs::path& folder) {
    const fs::path target = folder.parent_path();
    const fs::path images = target.parent_path();
    const auto [known, is_new] = images_.try_emplace(images);
    if (is_new) known->second = fs::weakly_canonical(images);
    return known->second / target.filename() / folder.filename();
  }

 private:
  std::map<fs::path, fs::path> images_;
};

std::string stack_in(const fs::path& document) {
  try {
    return string_or(read_json(document), "stack", "");
  } catch (const std::exception&) {
    return {};
  }
}

/// The engine.json that stands for the endpoint of `image`, among those of the tree.
std::string engine_file_of(const UndeclaredImage& image, const StackFile& stack) {
  const std::string arch = image.folder.path.filename();
  const fs::path own = fs::path(stack.engine_file).parent_path() / ("engine-" + arch + ".json");
  std::vector<std::string> files{stack.engine_file_for(arch), stack.engine_file, own};
  for (const auto& [unused, file] : stack.engine_files)
    files.push_back(file);
  for (const std::string& file : files) {
    try {
      if (!fs::exists(file)) continue;
      const bool is_it =
          !image.record || engine::Endpoint::read(file).identity == image.record->endpoint;
      if (is_it) return file;
    } catch (const Error&) {
      continue;  // damaged: whoever needs that engine says so
    }
  }
  return {};
}

/// Who tells of `image`: of its configuration and stack, else of its configuration, else anybody.
const Declaring& teller_of(const UndeclaredImage& image, const std::vector<Declaring>& stacks) {
  const auto rank = [&](const Declaring& one) {
    const bool beside = one.file.parent_path() == image.root;
    return (beside ? 2 : 0) + (beside && one.stack.stack == image.stack ? 1 : 0);
  };
  return *std::max_element(stacks.begin(), stacks.end(),
                           [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
}

UndeclaredImage read_image(const FoundFolder& found) {
  UndeclaredImage image;
  image.folder = found.folder;
  image.root = found.root;
  image.stack = stack_in(image.folder.build_description());
  try {
    image.record = ImageRecord::read_if_present(image.folder.image_record());
    image.superseded = superseded_images(image.folder);
  } catch (const std::exception& error) {
    image.unreadable = error.what();
  }
  if (image.stack.empty() && image.record) image.stack = image.record->stack;
  return image;
}

/// How many of `images` stand below this one, one on another.
std::size_t depth_of(const UndeclaredImage& image, const std::vector<UndeclaredImage>& images,
                     std::size_t limit) {
  std::size_t depth = 0;
  if (!image.record || limit == 0) return depth;
  for (const ParentRecord& parent : image.record->parents) {
    for (const UndeclaredImage& other : images) {
      const bool is_it = other.record && other.record->config_digest == parent.config_digest;
      if (is_it) depth = std::max(depth, 1 + depth_of(other, images, limit - 1));
    }
  }
  return depth;
}

void put_children_first(std::vector<UndeclaredImage>& images) {
  std::map<std::string, std::size_t> depths;
  for (const UndeclaredImage& image : images)
    depths[image.folder.path] = depth_of(image, images, images.size());
  std::stable_sort(images.begin(), images.end(), [&](const auto& a, const auto& b) {
    return depths.at(a.folder.path) > depths.at(b.folder.path);
  });
}

/// What may not be looked at counts as there.
bool was_described(const ImageFolder& folder) {
  std::error_code refused;
  return fs::exists(folder.build_description(), refused) || refused ||
         fs::exists(folder.image_record(), refused) || refused;
}

/// Takes out those that a declared one is after all, by a link below `images`.
void leave_declared(std::vector<UndeclaredImage>& images, const std::set<fs::path>& declared) {
  if (images.empty()) return;
  std::set<fs::path> meant;
  for (const fs::path& folder : declared)
    meant.insert(fs::weakly_canonical(folder));
  std::erase_if(images, [&](const auto& image) { return meant.count(image.folder.path) != 0; });
}

}  // namespace

std::string UndeclaredImage::name() const {
  return folder.path.parent_path().filename().string() + "/" + folder.path.filename().string();
}

TreeImages tree_images(const fs::path& stack_file) {
  const fs::path file = fs::weakly_canonical(stack_file);
  const Declaring own{file, StackFile::read(file)};
  TreeImages all;
  const auto top = top_of(own);
  if (!top) return all;
  const std::vector<Declaring> stacks = stacks_below(*top);
  Folders named;
  std::set<fs::path> declared;
  for (const Declaring& one : stacks) {
    for (const auto* folders : {&one.stack.images, &one.stack.elsewhere}) {
      for (const std::string& folder : *folders) {
        const fs::path path = named.canonical(folder);
        if (declared.insert(path).second) all.declared.push_back({path});
      }
    }
  }
  for (const FoundFolder& found : image_folders(*top)) {
    if (declared.count(found.folder.path) != 0 || !was_described(found.folder)) continue;
    UndeclaredImage image = read_image(found);
    if (teller_of(image, stacks).file != own.file) continue;
    image.engine_file = engine_file_of(image, own.stack);
    all.undeclared.push_back(std::move(image));
  }
  leave_declared(all.undeclared, declared);
  put_children_first(all.undeclared);
  return all;
}

}  // namespace cairn::stack
