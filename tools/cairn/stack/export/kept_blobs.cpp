// SPDX-License-Identifier: BSD-3-Clause
#include "stack/export/kept_blobs.hpp"

#include "base/error.hpp"
#include "stack/model/description.hpp"
#include "stack/model/layout.hpp"
#include "store/maintenance.hpp"

namespace cairn::stack {

std::vector<oci::Descriptor> blobs_of(const ExportRecord& record) {
  std::vector<oci::Descriptor> all{record.manifest, record.config};
  for (const ExportedLayer& layer : record.layers)
    all.push_back(layer.blob);
  if (record.engine_manifest) all.push_back(*record.engine_manifest);
  return all;
}

std::vector<ExportRecord> export_records(const std::filesystem::path& stack_file) {
  std::vector<ExportRecord> records;
  for (const std::string& image : StackFile::read(stack_file).images) {
    const auto record = ExportRecord::read_if_present(ImageFolder{image}.export_record());
    if (record) records.push_back(*record);
  }
  return records;
}

std::vector<KeptTree> kept_trees(const store::Store& store) {
  std::vector<KeptTree> trees;
  for (const std::filesystem::path& file : store::roots(store)) {
    KeptTree tree{file, {}};
    try {
      for (const ExportRecord& record : export_records(file)) {
        for (const oci::Descriptor& blob : blobs_of(record))
          tree.blobs.insert(blob.digest);
      }
    } catch (const Error& error) {
      throw UserError(std::string("a record that may name blobs cannot be read: ") + error.what(),
                      "export its image again, or remove the file");
    }
    trees.push_back(std::move(tree));
  }
  return trees;
}

}  // namespace cairn::stack
