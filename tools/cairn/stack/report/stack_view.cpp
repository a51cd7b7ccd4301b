// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/stack_view.hpp"

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/names.hpp"
#include "stack/build/staging.hpp"
#include "stack/scan/external_base.hpp"
#include "stack/scan/scan.hpp"

#include <algorithm>
#include <iterator>

namespace cairn::stack {
namespace {

bool parents_moved(const BuildDescription& image, const ImageRecord& record) {
  return std::any_of(image.parents.begin(), image.parents.end(), [&](const Parent& parent) {
    const auto now = read_file_if_present(ImageFolder{parent.directory}.identity());
    const auto then =
        std::find_if(record.parents.begin(), record.parents.end(),
                     [&](const auto& known) { return known.target == parent.target; });
    return !now || then == record.parents.end() || trim(*now) != then->identity;
  });
}

ImageState state_of(const ImageView& view) {
  if (!view.key.error.empty()) return ImageState::broken;
  if (!view.held) return ImageState::missing;
  const bool moved = !view.image.has_generated() && view.key.input != view.record->input_key;
  return moved || parents_moved(view.image, *view.record) ? ImageState::stale : ImageState::fresh;
}

std::optional<ImageRecord> record_of(const ImageFolder& folder) {
  try {
    return ImageRecord::read_if_present(folder.image_record());
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// Those of `names`, as the engine lists them, that are names of `record`.
std::vector<std::string> names_of(const ImageRecord& record, const std::vector<std::string>& names,
                                  const engine::Endpoint& endpoint) {
  std::vector<std::string> own;
  std::copy_if(names.begin(), names.end(), std::back_inserter(own), [&](const std::string& name) {
    return name == engine::listed_name(endpoint, record.local_name) || name == record.bound_name;
  });
  return own;
}

}  // namespace

std::string to_string(ImageState state) {
  switch (state) {
    case ImageState::fresh:
      return "fresh";
    case ImageState::stale:
      return "stale";
    case ImageState::missing:
      return "missing";
    default:
      return "broken";
  }
}

KeyParts present_parts(const BuildDescription& image, const Recipe& recipe,
                       const BaseFinder& finder, const engine::Endpoint& endpoint,
                       const KeySurroundings& around) {
  dockerfile::IgnoreRules rules;
  if (!image.generated_context) {
    rules = read_ignore_rules(ignore_file_candidates(image, endpoint), endpoint);
  }
  const dockerfile::ContextWants wants = finder.wants(image, recipe);
  const ContextView view{rules, wants, builder_of(endpoint)};
  return key_parts(image, recipe, {hash_context(image, view), wants.doubts}, around.bases,
                   around.period);
}

StackView::StackView(const std::filesystem::path& stack_file, const engine::Opener& open)
    : engines_(open) {
  const ScanResult scanned = scan_stack(stack_file, open);
  stack_ = StackFile::read(stack_file);
  for (const std::string& path : stack_.images) {
    ImageView view;
    view.folder = ImageFolder{path};
    view.image = BuildDescription::read(view.folder.build_description());
    view.key = KeyFile::read_if_present(view.folder.key()).value_or(KeyFile{});
    view.record = record_of(view.folder);
    view.held = view.record && engine_of(view).has(view.record->engine_id);
    view.state = state_of(view);
    if (view.record) {
      view.set_again = names_of(*view.record, scanned.renamed, engine_of(view).endpoint());
    }
    by_folder_[path] = images_.size();
    images_.push_back(std::move(view));
  }
}

const ImageView& StackView::parent(const Parent& parent) const {
  const auto found = by_folder_.find(parent.directory);
  if (found == by_folder_.end()) {
    throw Error("parent '" + parent.target + "' is not in the stack '" + stack_.stack + "'");
  }
  return images_[found->second];
}

EngineImages& StackView::engine_of(const ImageView& view) {
  return engines_.at(view.image.engine_file_in(stack_));
}

const Recipe& StackView::recipe(const ImageView& view) {
  const std::string folder = view.folder.path;
  const auto known = recipes_.find(folder);
  if (known != recipes_.end()) return known->second;
  return recipes_[folder] = read_pinned_recipe(view.image, stack_);
}

const KeyParts& StackView::parts(const ImageView& view) {
  const std::string folder = view.folder.path;
  const auto known = parts_.find(folder);
  if (known != parts_.end()) return known->second;
  EngineImages& images = engine_of(view);
  KeySurroundings around{{}, view.key.period};
  for (const RecipeUse& use : recipe(view).uses) {
    if (!use.parent)
      around.bases[use.external] = ExternalBase::of(use.external).key_identity(images);
  }
  const BaseFinder finder(stack_, builder_of(images.endpoint()), [&](const std::string& base) {
    return facts_of_base(images.config_of_base(base));
  });
  return parts_[folder] =
             present_parts(view.image, recipe(view), finder, images.endpoint(), around);
}

std::string StackView::input_key(const ImageView& view) {
  if (!view.image.has_generated()) return view.key.input;
  try {
    return input_keys(parts(view)).input;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    return {};  // what the build generates is not there yet
  }
}

}  // namespace cairn::stack
