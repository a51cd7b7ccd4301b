// SPDX-License-Identifier: BSD-3-Clause
#include "stack/build/recording.hpp"

#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

#include <filesystem>

namespace cairn::stack {

namespace fs = std::filesystem;

SourceTree source_tree_of(const BuildDescription& image) {
  const std::string recipe = work_tree_above(fs::path(image.dockerfile).parent_path().string());
  const std::string context = work_tree_above(image.context);
  if (recipe.empty() && context.empty()) return {};
  SourceTree tree = source_tree(recipe.empty() ? context : recipe);
  // Nearly always the same one: each question costs a process.
  if (!recipe.empty() && !context.empty() && context != recipe)
    tree.dirty = source_tree(context).dirty || tree.dirty;
  return tree;
}

void note_source_tree(const SourceTree& sources, ImageRecord& record) {
  record.revision = sources.commit;
  record.dirty = sources.dirty;
}

ImageRecord record_of_build(const BuildDescription& image, const SourceTree& sources,
                            const engine::ImageInfo& built, const Recipe& recipe,
                            const std::vector<BoundBase>& bases) {
  ImageRecord record;
  record.engine_id = built.id;
  record.config_digest = built.config_digest;
  record.identity = oci::content_identity(built.config);
  record.created = format_utc(unix_now());
  record.size = built.size;
  record.healthcheck = built.config.healthcheck.has_value();
  note_source_tree(sources, record);
  if (recipe.final_base) {
    record.base = name_of(recipe.uses[*recipe.final_base], image);
  }
  for (std::size_t i = 0; i < recipe.uses.size(); ++i) {
    if (recipe.uses[i].external.empty()) continue;
    record.bases.push_back({recipe.uses[i].external, bases[i].identity});
  }
  return record;
}

void complete_record(const BuildDescription& image, const BuildOrigin& origin,
                     const std::string& endpoint, ImageRecord& record) {
  record.stack = image.stack;
  record.target = image.target;
  record.image = image.image;
  record.variant = image.variant;
  record.repository = image.repository;
  record.platform = image.platform.to_string();
  record.arch = image.platform.arch_name();
  record.input_key = origin.keys.input;
  record.source_key = origin.keys.source;
  record.build_key = origin.build_key;
  record.generated = image.has_generated();
  record.endpoint = endpoint;
  record.local_name = image.local_name();
  record.bound_name = image.is_parent
                          ? bound_name(image.stack, image.target, record.arch, record.identity)
                          : std::string();
  record.parents.clear();
  for (const ImageRecord& parent : origin.parents) {
    record.parents.push_back(
        {parent.target, parent.identity, parent.config_digest, parent.build_key});
  }
}

void write_stamps(const ImageFolder& folder, const RecordStore& store, const ImageRecord& record,
                  bool renamed) {
  store.file(record);
  const std::string config = record.config_digest + "\n";
  // Written though it is the same, so that what stands on it runs once more: for the new names, or
  // to make the files that are gone. First: once the record has its names, nobody sees any more
  // that it had others.
  if (renamed || folder.lacks_inspection_files()) write_file(folder.config(), config);
  write_file_if_changed(folder.image_record(), record.to_text());
  write_file_if_changed(folder.config(), config);
  write_file_if_changed(folder.identity(), record.identity + "\n");
}

}  // namespace cairn::stack
