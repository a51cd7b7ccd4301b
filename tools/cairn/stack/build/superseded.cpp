// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/superseded.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

namespace fs = std::filesystem;

fs::path list_file(const ImageFolder& folder) {
  return folder.path / "superseded.json";
}

void write_list(const ImageFolder& folder, const std::vector<SupersededImage>& images) {
  if (images.empty()) {
    std::error_code ignored;
    fs::remove(list_file(folder), ignored);
    return;
  }
  Json list = Json::array();
  for (const SupersededImage& image : images) {
    list.push_back(
        {{"engine_id", image.engine_id}, {"bound_name", image.bound_name}, {"size", image.size}});
  }
  write_file_if_changed(list_file(folder),
                        pretty_json({{"schema", "cairn/superseded/1"}, {"images", list}}));
}

// podman and buildah find a step again only while an image ends with it: the image that a longer
// recipe replaced is where the steps of the new one come from. It shares all its layers with that.
bool holds_steps_of(const engine::ImageInfo& old, const engine::ImageInfo& current) {
  return !old.history.empty() && old.history.size() < current.history.size() &&
         std::equal(old.history.begin(), old.history.end(), current.history.begin()) &&
         oci::stands_on(current.config, old.config);
}

// A prune by hand may have been faster, and a container may still hold it: neither is ours to
// complain about after a good build.
bool drop(engine::Engine& engine, const SupersededImage& image,
          const std::optional<engine::ImageInfo>& current) {
  try {
    // Before its name goes: with the last one an image may go itself.
    const auto before = current ? engine.inspect(image.engine_id) : std::nullopt;
    if (before && holds_steps_of(*before, *current)) return false;
    const auto named = image.bound_name.empty() ? std::nullopt : engine.inspect(image.bound_name);
    // Bound names say what an image holds, not which it is: an equal one may bear it by now.
    if (named && named->id == image.engine_id) engine.untag(image.bound_name);
    return remove_unless_named(engine, image.engine_id);
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::vector<SupersededImage> superseded_images(const ImageFolder& folder) {
  std::vector<SupersededImage> images;
  if (!fs::exists(list_file(folder))) return images;
  const std::string where = list_file(folder).string();
  try {
    const Json object = read_json(where);
    for (const Json& item : object.value("images", Json::array())) {
      images.push_back({require_string(item, "engine_id", where), string_or(item, "bound_name", ""),
                        item.value("size", std::uint64_t{0})});
    }
  } catch (const std::exception&) {
    images.clear();  // damaged: a prune finds those images all the same
  }
  return images;
}

void drop_superseded(engine::Engine& engine, const ImageFolder& folder, const ImageRecord& previous,
                     const ImageRecord& current, int keep) {
  std::vector<SupersededImage> images = superseded_images(folder);
  std::erase_if(images, [&](const auto& image) { return image.engine_id == current.engine_id; });
  if (previous.engine_id != current.engine_id && previous.endpoint == current.endpoint) {
    const std::string name = previous.bound_name == current.bound_name ? "" : previous.bound_name;
    images.insert(images.begin(), {previous.engine_id, name, previous.size});
  }
  std::optional<engine::ImageInfo> holder;
  if (!images.empty() && engine.capabilities().images_are_cache) {
    holder = engine.inspect(current.engine_id);
  }
  std::vector<SupersededImage> kept;
  for (const SupersededImage& image : images) {
    const bool within = static_cast<int>(kept.size()) + 1 < keep;
    if (within || !drop(engine, image, holder)) kept.push_back(image);
  }
  write_list(folder, kept);
}

void drop_former_names(engine::Engine& engine, const ImageRecord& previous,
                       const ImageRecord& current) {
  if (previous.endpoint != current.endpoint) return;
  std::vector<std::string> former;
  if (previous.local_name != current.local_name) former.push_back(previous.local_name);
  // One that was replaced keeps its bound name as long as it is kept.
  const bool same = previous.engine_id == current.engine_id;
  if (same && previous.bound_name != current.bound_name) former.push_back(previous.bound_name);
  for (const std::string& name : former) {
    if (name.empty()) continue;
    try {
      const auto named = engine.inspect(name);
      if (!named || named->id != previous.engine_id) continue;
      // With its last name an image goes itself; whether this one does is not for here to say.
      if (!same) engine.tag(current.engine_id, name);
      engine.untag(name);
    } catch (const Interrupted&) {
      throw;
    } catch (const Error&) {
      // A good build is not failed for a name too many.
    }
  }
}

bool remove_unless_named(engine::Engine& engine, const std::string& engine_id) {
  const auto held = engine.inspect(engine_id);
  return !held || !held->names.empty() || engine.remove(engine_id);
}

void remove_left_over_stages(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.rfind(".stage-", 0) == 0 || name.rfind(".recipe-", 0) == 0) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

}  // namespace cairn::stack
