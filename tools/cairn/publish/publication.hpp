// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/contents.hpp"
#include "publish/history.hpp"
#include "publish/journal.hpp"
#include "publish/prepare.hpp"
#include "publish/survey.hpp"
#include "store/store.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::publish {

/// One release on its way to one destination.
class Publication {
 public:
  Publication(const stack::ReleaseDescription& description, const Prepared& prepared,
              Destination& destination, const PublishOptions& options);

  PublishReport run();

 private:
  void stand();
  void plan();
  bool decide();
  bool has_nothing_to_do() const;
  void upload();
  void put_anchors();
  void hook_moves();
  bool release_at_once();
  void release_under_lease();
  void check_again(Lease& lease);
  stack::ReleaseDocument document(stack::ReleaseState state);
  void keep_copy(const stack::ReleaseDocument& document) const;
  void write(Lease& lease, stack::ReleaseDocument document);
  void say(const std::string& line) const;

  const stack::ReleaseDescription& description_;
  const Prepared& prepared_;
  Destination& destination_;
  const PublishOptions& options_;
  store::Store store_;
  Journal journal_;
  Survey survey_;
  Contents contents_;
  std::vector<TagName> names_;           ///< of the wanted tags
  std::optional<JournalEntry> current_;  ///< what the journal named when it was last read
  std::optional<History> history_;       ///< since then
  std::map<std::string, stack::TagHolder> holders_;
  bool is_planned_ = false;
  PublishReport report_;
};

}  // namespace cairn::publish
