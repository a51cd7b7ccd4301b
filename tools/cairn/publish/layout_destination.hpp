// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/layout.hpp"
#include "publish/destination.hpp"

#include <filesystem>
#include <mutex>
#include <string>

namespace cairn::publish {

/// One image layout for all repositories: an entry is called `<declared repository>:<tag>`. It is
/// made by the first push; until then it is an empty one.
class LayoutDestination : public Destination {
 public:
  /// Copies `at_once` blobs at once.
  LayoutDestination(std::filesystem::path folder, int at_once);

  std::string name() const override { return "'oci:" + folder_.string() + "'"; }
  std::string place_of(const std::string& repository) const override;
  std::optional<oci::Digest> digest(const std::string& repository, const std::string& tag) override;
  std::optional<HeldDocument> document(const std::string& repository,
                                       const std::string& tag_or_digest) override;
  std::string blob(const std::string& repository, const oci::Descriptor& blob,
                   std::size_t most_bytes) override;
  std::vector<std::string> tags(const std::string& repository) override;
  registry::PushReport push(registry::BlobSource& source, const std::vector<Item>& items) override;
  using Destination::put_tags;
  void put_tags(const std::vector<TagPut>& batch,
                const std::function<void()>& before_each) override;
  std::int64_t now() override;
  bool is_atomic() const override { return true; }
  bool put_tags_if(const std::vector<TagPut>& batch, const std::vector<TagState>& seen) override;

 private:
  const oci::Layout* find();
  const oci::Layout& make();
  std::optional<oci::Descriptor> descriptor(const std::string& repository,
                                            const std::string& tag_or_digest);

  std::filesystem::path folder_;
  int at_once_;
  std::mutex mutex_;
  std::optional<oci::Layout> layout_;
};

}  // namespace cairn::publish
