// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "oci/digest.hpp"
#include "store/store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace cairn::store {

/// Notes that records below `tree` name blobs of the store.
void register_root(const Store& store, const std::filesystem::path& tree);

/// The trees noted so that are still there, sorted.
std::vector<std::filesystem::path> roots(const Store& store);

/// Every blob that the layout's index reaches, through indexes and manifests to layers. What is
/// named and absent is in the answer as well.
std::set<oci::Digest> reached_from_index(const Store& store);

struct Collected {
  std::size_t blobs = 0;      ///< removed
  std::uint64_t bytes = 0;    ///< theirs
  std::size_t young = 0;      ///< nobody's, and kept for their age
  std::size_t left_over = 0;  ///< unfinished blobs of processes that died
};

struct CollectOptions {
  std::chrono::seconds grace = std::chrono::hours(24);  ///< younger blobs stay
  bool dry_run = false;
};

/// Removes blobs that are neither in `keep` nor reached from the index and at least `grace` old.
/// The caller holds the store alone.
Collected collect(const Store& store, const std::set<oci::Digest>& keep,
                  const CollectOptions& options);

struct Verified {
  std::size_t blobs = 0;
  std::uint64_t bytes = 0;
  std::vector<std::string> bad;  ///< what was wrong with each bad one; they are removed
};

/// Reads every blob to its end.
Verified verify(const Store& store);

struct Usage {
  std::size_t blobs = 0;
  std::uint64_t bytes = 0;
};

/// What the blobs of `of` that are there take; all there are without `of`.
Usage usage(const Store& store, const std::set<oci::Digest>* of = nullptr);

}  // namespace cairn::store
