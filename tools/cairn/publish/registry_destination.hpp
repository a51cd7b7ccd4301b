// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/reference.hpp"
#include "publish/destination.hpp"
#include "registry/client.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace cairn::publish {

/// A registry, or a path in it, or the declared names wherever they lie.
class RegistryDestination : public Destination {
 public:
  /// `host` empty: the declared names; `path` empty: their paths. `client` must outlive it.
  RegistryDestination(std::string host, std::string path, registry::Client& client,
                      registry::PushOptions options);

  std::string name() const override;
  std::string place_of(const std::string& repository) const override;
  std::optional<oci::Digest> digest(const std::string& repository, const std::string& tag) override;
  std::optional<HeldDocument> document(const std::string& repository,
                                       const std::string& tag_or_digest) override;
  std::string blob(const std::string& repository, const oci::Descriptor& blob,
                   std::size_t most_bytes) override;
  std::vector<std::string> tags(const std::string& repository) override;
  registry::PushReport push(registry::BlobSource& source, const std::vector<Item>& items) override;
  void try_push(const std::vector<Item>& items) override;
  std::size_t reach(const std::vector<TagPut>& moves, std::size_t at, int requests) const override;
  using Destination::put_tags;
  void put_tags(const std::vector<TagPut>& batch,
                const std::function<void()>& before_each) override;
  std::int64_t now() override;
  bool is_atomic() const override { return false; }

 private:
  oci::Reference reference(const std::string& repository,
                           const std::string& tag_or_digest = {}) const;
  std::optional<registry::Answer> put_tag(const TagPut& put,
                                          const std::function<void()>& before_send);
  std::set<std::string> put_together(std::span<const TagPut> group,
                                     const std::function<void()>& before_send);
  std::optional<bool> sets_several(const std::string& host) const;
  void learn(const std::string& host, bool sets_several);
  std::vector<std::span<const TagPut>> next_round(std::span<const TagPut> puts,
                                                  std::size_t requests) const;

  std::string host_, path_;
  registry::Client& client_;
  registry::PushOptions options_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string> places_;  ///< place -> declared name
  std::map<std::string, bool> several_;  ///< host -> whether it sets several tags by one PUT
};

}  // namespace cairn::publish
