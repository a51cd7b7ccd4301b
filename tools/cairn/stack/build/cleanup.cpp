// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/cleanup.hpp"

#include "stack/build/superseded.hpp"
#include "stack/model/description.hpp"
#include "stack/model/image_record.hpp"

#include <algorithm>

namespace cairn::stack {
namespace {

class Cleaner {
 public:
  Cleaner(const CleanOptions& options, const engine::Opener& open)
      : options_(options), open_(open) {}

  void clean(const ImageFolder& folder, const StackFile& stack) {
    const auto image = BuildDescription::read(folder.build_description());
    const auto engine = open_(engine::Endpoint::read(image.engine_file_in(stack)));
    for (const SupersededImage& old : superseded_images(folder)) {
      drop(*engine, {image.target, old.engine_id, old.size, true}, {old.bound_name});
    }
    const auto record = ImageRecord::read_if_present(folder.image_record());
    if (options_.superseded_only || !record) return;
    drop(*engine, {image.target, record->engine_id, record->size, false},
         {record->bound_name, record->local_name});
  }

  std::vector<CleanedImage> take() { return std::move(cleaned_); }

 private:
  void drop(engine::Engine& engine, const CleanedImage& image,
            const std::vector<std::string>& own_names) {
    const auto held = engine.inspect(image.engine_id);
    if (!held) return;
    const bool only_ours =
        std::all_of(held->names.begin(), held->names.end(), [&](const std::string& name) {
          return std::find(own_names.begin(), own_names.end(), name) != own_names.end();
        });
    if (!options_.dry_run) {
      if (only_ours) {
        if (!engine.remove(image.engine_id)) return;
      } else {
        for (const std::string& name : held->names) {
          if (std::find(own_names.begin(), own_names.end(), name) != own_names.end()) {
            engine.untag(name);
          }
        }
        return;
      }
    }
    if (only_ours) cleaned_.push_back(image);
  }

  CleanOptions options_;
  const engine::Opener& open_;
  std::vector<CleanedImage> cleaned_;
};

}  // namespace

std::vector<CleanedImage> clean_stack(const std::filesystem::path& stack_file,
                                      const CleanOptions& options, const engine::Opener& open) {
  const StackFile stack = StackFile::read(stack_file);
  Cleaner cleaner(options, open);
  for (auto folder = stack.images.rbegin(); folder != stack.images.rend(); ++folder) {
    cleaner.clean(ImageFolder{*folder}, stack);
  }
  return cleaner.take();
}

}  // namespace cairn::stack
