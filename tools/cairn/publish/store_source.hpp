// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/layout.hpp"
#include "registry/layout_source.hpp"
#include "stack/model/export_record.hpp"
#include "store/store.hpp"

#include <map>
#include <string>
#include <vector>

namespace cairn::publish {

/// The store as a place to push exports from: it knows whose blobs they are, and removes those that
/// have gone bad, so that the next export makes them again. `store` must outlive it.
class StoreSource : public registry::BlobSource {
 public:
  StoreSource(const store::Store& store, const std::vector<stack::ExportRecord>& exports,
              std::string destination);

  std::string name() const override { return layout_source_.name(); }
  /// Throws UserError, naming the image, when the store does not have the blob, and BadBlob or
  /// Error when it has another size.
  std::unique_ptr<registry::Reader> open(const oci::Descriptor& blob,
                                         std::uint64_t offset) override;
  /// Throws BadBlob when the store finds the same.
  void note_bad(const oci::Descriptor& blob) override;

 private:
  struct Owner {
    std::string target, platform;
  };

  oci::Layout layout_;
  registry::LayoutSource layout_source_;
  const store::Store& store_;
  std::string destination_;
  std::map<std::string, Owner> owners_;  ///< of blobs and manifests, by digest
};

}  // namespace cairn::publish
