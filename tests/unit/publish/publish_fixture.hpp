// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "memory_destination.hpp"
#include "publish/history.hpp"
#include "publish/journal.hpp"
#include "publish/release.hpp"
#include "release_family.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace cairn::publish {

using testing::FamilyImage;
using testing::MemoryDestination;
using testing::MemoryPlace;
using testing::ReleaseFamily;

/// A small family, a registry in memory, and a publisher without patience.
class PublishTest : public ::testing::Test {
 protected:
  PublishTest() {
    ::setenv("XDG_RUNTIME_DIR", run_.path().c_str(), 1);
    family_.images = {{"base"}, {"web", "base"}};
    family_.image("base").probes = {{"python", "3.11.2", {"python-{major}.{minor}"}}};
    family_.description["tags"] = {"latest"};
    options_.lease.settle = std::chrono::minutes(1);
    options_.lease.sleep = [](std::chrono::milliseconds) {};
    options_.at_once = 1;
    options_.time = 1'790'000'000;
    options_.say = [this](const std::string& line) { said_.push_back(line); };
  }
  ~PublishTest() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  stack::ReleaseDescription description() {
    return stack::ReleaseDescription::read(family_.release_file());
  }
  PublishReport publish() {
    family_.write();
    return cairn::publish::publish(description(), destination_, options_);
  }
  /// What a base of generation `content` and all on it are.
  void become(const std::string& content) { family_.image("base").content = content; }

  std::optional<JournalEntry> entry() {
    MemoryDestination quiet(place_);
    quiet.atomic = destination_.atomic;
    return Journal(quiet, kRoot).read();
  }
  stack::ReleaseDocument document() { return entry()->document; }
  /// The tags that users see.
  std::map<std::string, std::string> tags() const {
    std::map<std::string, std::string> all;
    for (const auto& [name, digest] : place_.tags) {
      if (name.second != kReleaseTag) all[name.first + ":" + name.second] = digest;
    }
    return all;
  }
  std::string tag(const std::string& repository, const std::string& name) const {
    const auto found = place_.tags.find({"quay.io/me/" + repository, name});
    return found == place_.tags.end() ? "" : found->second;
  }
  /// The time in which a dead publisher is waited for is over.
  void let_expire() { place_.now += options_.lease.ttl.count() + 1; }
  /// The document with this digest, which no tag names any more, is gone.
  void collect(const std::string& digest) { place_.documents.erase({kRoot, digest}); }
  /// So are all that came before `current`.
  void collect(const JournalEntry& current) {
    std::erase_if(place_.documents, [&](const auto& one) {
      return one.second.bytes.find("application/vnd.cairn.release") != std::string::npos &&
             one.first.second != current.digest.to_string();
    });
  }
  /// The next step that begins with `what` throws `failure`.
  template <typename Failure>
  void fail_at(const std::string& what, Failure failure) {
    destination_.before = [this, what, failure](const std::string& step) {
      if (!step.starts_with(what)) return;
      destination_.before = {};
      throw failure;
    };
  }
  /// What `work` throws and its hint, with ids and digests as `ID` and `sha256:…`.
  static std::string thrown_by(const std::function<void()>& work);
  static std::string plain(const std::string& text);

  static constexpr const char* kRoot = "quay.io/me/base";

  TempDir run_{"cairn-run-"};
  ReleaseFamily family_;
  MemoryPlace place_;
  MemoryDestination destination_{place_};
  PublishOptions options_;
  std::vector<std::string> said_;
};

/// As SIGKILL: nothing of ours runs on the way out, as nothing of ours catches it.
struct Killed {};

inline std::string PublishTest::plain(const std::string& text) {
  std::string shown;
  const auto is_hex = [](char letter) {
    return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
  };
  for (std::size_t at = 0; at < text.size();) {
    if (text.compare(at, 7, "sha256:") == 0) {
      shown += "sha256:…";
      at += 7;
      while (at < text.size() && is_hex(text[at]))
        ++at;
    } else if (at + 25 <= text.size() && text[at + 8] == 'T' && text[at + 15] == 'Z' &&
               text[at + 16] == '-') {
      shown += "ID";
      at += 25;
    } else {
      shown += text[at++];
    }
  }
  return shown;
}

inline std::string PublishTest::thrown_by(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return plain(error.what() + (error.hint().empty() ? "" : "\nhint: " + error.hint()));
  }
  return "nothing";
}

}  // namespace cairn::publish
