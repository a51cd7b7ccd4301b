// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/error.hpp"
#include "oci/digest.hpp"
#include "oci/manifest.hpp"
#include "registry/push.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::publish {

/// A manifest, index or artifact as a destination holds it.
struct HeldDocument {
  oci::Digest digest;
  std::string media_type;
  std::string bytes;
};

/// A tag that is to name `digest`.
struct TagPut {
  std::string repository, tag;  ///< `repository` is the declared name
  oci::Digest digest;
  std::string media_type, bytes;

  /// `<declared repository>:<tag>`
  std::string name() const { return repository + ":" + tag; }
};

/// What a tag named when it was looked at; nothing: it was absent.
struct TagState {
  std::string repository, tag;
  std::optional<oci::Digest> digest;
};

/// Throws Error for one whose bytes are not of its digest: a registry would take them.
void check_bytes(const TagPut& put);

/// Tags hold something else, and their registry lets nobody move them.
class ImmutableTagError : public UserError {
 public:
  ImmutableTagError(const std::string& message, std::string hint, std::vector<std::string> tags)
      : UserError(message, std::move(hint)), tags_(std::move(tags)) {}

  /// `<declared repository>:<tag>` of each, sorted.
  const std::vector<std::string>& tags() const { return tags_; }

 private:
  std::vector<std::string> tags_;
};

/// Where releases go: a registry, or an image layout on this machine. Repositories are called by
/// their declared names; a destination knows where they lie. From any thread.
class Destination {
 public:
  virtual ~Destination() = default;
  /// `'quay.io'`, `'oci:/releases'`: how it reads in a message.
  virtual std::string name() const = 0;
  /// What a declared `repository` is called there: `127.0.0.1:5000/mirror/base-notebook`.
  virtual std::string place_of(const std::string& repository) const = 0;

  /// What `tag` (or a digest) names; nothing when it is absent. One request.
  virtual std::optional<oci::Digest> digest(const std::string& repository,
                                            const std::string& tag) = 0;
  virtual std::optional<HeldDocument> document(const std::string& repository,
                                               const std::string& tag_or_digest) = 0;
  /// A small blob's bytes, verified. Throws Error when it is absent or longer than `most_bytes`.
  virtual std::string blob(const std::string& repository, const oci::Descriptor& blob,
                           std::size_t most_bytes) = 0;
  /// Every tag of a repository, sorted; empty when there is no such repository.
  virtual std::vector<std::string> tags(const std::string& repository) = 0;

  /// Brings images and indexes there by digest, as registry::Pusher; no tag moves.
  struct Item {
    std::string repository;
    oci::Descriptor root;
    std::vector<std::string> mount_from{};  ///< declared names
    bool is_untagged = false;               ///< as registry::PushTarget
    bool is_below_only = false;             ///< as registry::PushTarget; a layout need not heed it
  };
  virtual registry::PushReport push(registry::BlobSource& source,
                                    const std::vector<Item>& items) = 0;

  /// Before anything moves: throws UserError naming every repository that does not say what it
  /// has, or that lacks an item and that one may not push to. A layout has nothing to ask.
  virtual void try_push(const std::vector<Item>& items);

  /// How many of `moves`, from `at` on, `requests` requests may set, at least one: what to give to
  /// put_tags at a time.
  virtual std::size_t reach(const std::vector<TagPut>& moves, std::size_t at, int requests) const;

  /// Sets tags, `batch` of them; confirmed by the digest that is answered. A layout does it in one
  /// step; a registry that says so sets several of one document by one request. Throws
  /// ImmutableTagError when some must not move, and all others are set then; UserError when one is
  /// refused otherwise or lacks what it names, and nothing more is begun then. `before_each` is
  /// called just before a request leaves, from several threads: what it throws stops the batch, so
  /// that a process that stood still does not send what is out of date.
  virtual void put_tags(const std::vector<TagPut>& batch,
                        const std::function<void()>& before_each) = 0;
  void put_tags(const std::vector<TagPut>& batch) { put_tags(batch, {}); }

  /// The destination's own now, in seconds since 1970: a registry's Date header.
  virtual std::int64_t now() = 0;
  /// Whether put_tags is one step whatever the number of tags, and needs no lease.
  virtual bool is_atomic() const = 0;
  /// As put_tags, in the same step as a last look: false, and nothing is set, when a tag of `seen`
  /// names something else by now. For atomic ones alone; others throw Error.
  virtual bool put_tags_if(const std::vector<TagPut>& batch, const std::vector<TagState>& seen);
};

/// Manifests and indexes by declared repository and digest.
using Places = std::vector<std::pair<std::string, std::string>>;

/// Which of `places` are there, 1 or 0 for each: one HEAD each, `at_once` side by side.
std::vector<char> which_are_there(Destination& destination, const Places& places, int at_once);

/// What a repository or a destination says no with, and what to do about it.
struct Refusal {
  std::string text, hint;
};

/// Throws UserError for all of `refusals`, unless there are none: with the hint that all have, or
/// else with the hint of each below its text.
void throw_all(const std::vector<Refusal>& refusals);

/// `oci:FOLDER`; `HOST[:PORT]`, which keeps the declared paths; `HOST[:PORT]/PATH`, where each
/// repository is the last part of its declared name; or empty: the declared names themselves.
/// `client` must outlive it. Throws UserError for anything else. Nothing is asked or made yet.
std::unique_ptr<Destination> make_destination(const std::string& text, registry::Client& client,
                                              const registry::PushOptions& options);

}  // namespace cairn::publish
