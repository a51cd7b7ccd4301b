// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/outlook.hpp"

#include "base/error.hpp"
#include "stack/model/record_store.hpp"

#include <map>

namespace cairn::stack {
namespace {

class Foresight {
 public:
  explicit Foresight(StackView& view) : view_(view) {}

  std::vector<Outlook> run() {
    std::vector<Outlook> all;
    for (const ImageView& image : view_.images()) {
      all.push_back(look_at(image));
      known_[image.folder.path] = all.back();
    }
    return all;
  }

 private:
  Outlook look_at(const ImageView& image) {
    if (image.state == ImageState::broken) return {Action::blocked, {}, {}};
    const Parent* open = nullptr;
    for (const Parent& parent : image.image.parents) {
      const Outlook& outlook = known_[parent.directory];
      if (outlook.action == Action::blocked) return {Action::blocked, {}, parent.target};
      if (!outlook.record && open == nullptr) open = &parent;
    }
    if (open == nullptr) return look_up(image);
    const bool changed = !image.held || view_.input_key(image) != image.record->input_key;
    return {changed ? Action::build : Action::perhaps, {}, open->target};
  }

  // All parents are known: so is the build key.
  Outlook look_up(const ImageView& image) {
    const std::string key = key_of(image);
    if (image.held && image.record->build_key == key) return {Action::none, image.record, {}};
    EngineImages& engine = view_.engine_of(image);
    const RecordStore store(view_.stack().store, engine.endpoint().identity);
    auto found = key.empty() ? std::nullopt : store.find(key);
    const bool usable = found && found->platform == image.image.platform.to_string() &&
                        engine.has(found->engine_id);
    if (usable) return {Action::reuse, std::move(found), {}};
    return {Action::build, {}, {}};
  }

  std::string key_of(const ImageView& image) {
    const std::string input = view_.input_key(image);
    if (input.empty()) return {};
    std::vector<std::string> identities;
    if (!image.image.parents.empty()) {
      for (const RecipeUse& use : view_.recipe(image).uses) {
        if (!use.parent) continue;
        const Parent& parent = image.image.parents[*use.parent];
        identities.push_back(known_[parent.directory].record->identity);
      }
    }
    return build_key(input, identities);
  }

  StackView& view_;
  std::map<std::string, Outlook> known_;
};

}  // namespace

std::string to_string(Action action) {
  switch (action) {
    case Action::none:
      return "none";
    case Action::reuse:
      return "reuse";
    case Action::build:
      return "build";
    case Action::perhaps:
      return "perhaps";
    default:
      return "blocked";
  }
}

std::vector<Outlook> outlooks(StackView& view) {
  return Foresight(view).run();
}

}  // namespace cairn::stack
