// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "registry/blob_source.hpp"
#include "registry/client.hpp"
#include "registry/upload.hpp"

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::registry {

/// An image or index to push by digest, with all that is below it.
struct PushTarget {
  oci::Reference repository;  ///< its host and path
  oci::Descriptor root;
  BlobSource* source = nullptr;
  std::vector<oci::Reference> mount_from{};  ///< repositories that may have its blobs already
  /// Its repository was seen to have no tags. What is there all the same came from a push that did
  /// not get to its end, and every push begins with the configs.
  bool is_untagged = false;
  /// The root was just made, and whoever asks puts it under a tag: only what is below it is sent,
  /// unasked, and the repository is not tried.
  bool is_below_only = false;
};

struct PushOptions {
  int uploads = 4;                          ///< at once in this process
  int slots = 8;                            ///< at once to a host, of all processes of the user
  std::uint64_t chunk_bytes = 0;            ///< as UploadOptions
  std::chrono::milliseconds settle{10000};  ///< how long what was just pushed may read as absent
};

/// What a push did, in counts and bytes.
struct PushReport {
  int manifests_there = 0, manifests_put = 0;
  int blobs_there = 0, blobs_mounted = 0, blobs_uploaded = 0;
  std::uint64_t bytes_uploaded = 0;

  PushReport& operator+=(const PushReport& other);
};

/// Pushes images by digest, all that are given to one call together: no repository is sent what it
/// has, and a blob that several need is uploaded once and mounted into the others of a registry.
/// Where a repository has no tag, and none of the manifests, its smallest config is asked for, and
/// when that is not there no other blob is: where this is wrong, bytes are sent again.
class Pusher {
 public:
  Pusher(Client& client, PushOptions options = {});

  /// Pushes all of `targets`; no tag is moved. What is there by digest is done; every repository
  /// that lacks something is tried before the first blob moves; blobs go first, then manifests, a
  /// child before what names it. Throws as Upload::run, and Error for a source whose documents are
  /// not what their descriptors say.
  PushReport push(const std::vector<PushTarget>& targets);

  /// Puts the manifest or index of a pushed `target` under `tag` as well.
  void tag(const PushTarget& target, const std::string& tag);

  /// The digest that `reference` has in its registry. What this object pushed and the registry does
  /// not show yet is asked for again until the time to settle is over.
  std::optional<oci::Digest> digest(const oci::Reference& reference);

 private:
  struct Document {
    oci::Descriptor descriptor;
    std::string bytes;
    std::vector<oci::Descriptor> below;  ///< blobs of a manifest, children of an index
  };
  struct Plan {
    const PushTarget* target;
    std::vector<Document> documents{};  ///< to put: the repository lacks them; children first
    std::map<std::string, oci::Descriptor> blobs{};
    std::set<std::string> configs{};  ///< digests of those of `blobs` that are one
  };
  struct BlobJob {
    oci::Descriptor blob;
    std::vector<const Plan*> plans{};
    bool is_config = false;
    bool is_first = false;  ///< of all that go to the untagged repository of its first plan
  };
  using Begun = std::map<std::string, std::unique_ptr<BegunUpload>>;  ///< by repository
  using Place = std::pair<std::string, std::string>;                  ///< host and digest

  void plan_tree(Plan& plan, const oci::Descriptor& descriptor, int depth);
  static std::vector<BlobJob> blob_jobs(const std::vector<Plan>& plans);
  std::size_t put_firsts_first(std::vector<BlobJob>& jobs) const;
  Begun try_repositories(const std::vector<Plan>& plans, const std::vector<BlobJob>& jobs);
  void push_blob(const BlobJob& job, const Begun& begun);
  void push_blob_to(const BlobJob& job, const Plan& plan, const Begun& begun);
  void put_documents(const Plan& plan);
  bool put(const oci::Reference& repository, const std::string& name, const Document& document);
  void mend(const Plan& plan, const Document& document);
  void count(Arrival arrival, std::uint64_t bytes);

  Client& client_;
  PushOptions options_;
  std::atomic<bool> stop_{false};
  std::mutex mutex_;                                    ///< of what follows
  std::map<Place, std::vector<oci::Reference>> known_;  ///< where a blob is, as seen by this object
  std::set<std::string> pushed_;                        ///< `repository@digest`
  std::set<std::string> used_;  ///< repositories that have a manifest of the targets
  std::set<std::string> bare_;  ///< that lacked what goes there first
  PushReport report_;
};

}  // namespace cairn::registry
