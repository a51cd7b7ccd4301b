// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "stack/model/export_record.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace cairn::stack {

/// Manifests, config and layers of `record`.
std::vector<oci::Descriptor> blobs_of(const ExportRecord& record);

/// The export records of a stack's images.
std::vector<ExportRecord> export_records(const std::filesystem::path& stack_file);

/// A stack file that was noted in the store, and what its records name.
struct KeptTree {
  std::filesystem::path stack_file;
  std::set<oci::Digest> blobs;
};

/// Every tree that was noted in the store and is still there. Throws UserError when one cannot be
/// read: what cannot be read may name any blob.
std::vector<KeptTree> kept_trees(const store::Store& store);

}  // namespace cairn::stack
