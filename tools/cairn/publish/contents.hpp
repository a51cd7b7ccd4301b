// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/prepare.hpp"
#include "publish/survey.hpp"
#include "registry/blob_source.hpp"
#include "store/store.hpp"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::publish {

/// A manifest or index that goes under a tag.
struct Content {
  std::string media_type, bytes;
};

/// What a release consists of by digest, and whether the destination has it.
class Contents {
 public:
  Contents(const Prepared& prepared, Destination& destination, const store::Store& store,
           int at_once);

  /// Asks for every index by digest, and for the manifests of those that are there (`all`: of the
  /// others as well). One HEAD each, but for what was asked for or pushed less than `fresh` ago.
  /// Nothing is asked of repositories that `survey` knows to be empty.
  void look(const Survey& survey, bool all, std::chrono::milliseconds fresh);
  /// Whether all of it was there.
  bool is_complete() const;
  /// Pushes what was not, by digest, from the store. Throws UserError naming the image when the
  /// store lacks it.
  void push(registry::PushReport& report);
  /// All that was seen counts as old from now on.
  void forget();

  /// What goes over the wire when `plan` is done.
  stack::PlanCost cost(const stack::Plan& plan) const;

  /// The bytes of every manifest and index of the release, by digest: from the store, else from
  /// the destination.
  const std::map<std::string, Content>& bytes();

  struct Platform {
    oci::Descriptor manifest;
    const stack::PlatformEvidence* evidence;
  };
  /// An index of the release in a repository.
  struct Root {
    const stack::MergedImage* image;
    const stack::ComposedIndex* index;
    std::vector<Platform> platforms{};
    std::vector<std::string> mount_from{};
  };
  const std::vector<Root>& roots() const { return roots_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Place = std::pair<std::string, std::string>;  ///< repository and digest
  struct Seen {
    bool there = false;
    std::optional<Clock::time_point> when;  ///< nothing: long ago
  };

  void ask(const std::set<Place>& places, std::chrono::milliseconds fresh);
  bool is_there(const std::string& repository, const oci::Digest& digest) const;
  std::vector<Destination::Item> lacking() const;

  const Prepared& prepared_;
  Destination& destination_;
  const store::Store& store_;
  int at_once_;
  std::vector<Root> roots_;
  std::set<std::string> untagged_;  ///< repositories, when they were looked at last
  std::map<Place, Seen> seen_;
  std::map<std::string, Content> bytes_;
};

}  // namespace cairn::publish
