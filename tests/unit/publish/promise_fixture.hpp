// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "publish/prepare.hpp"
#include "publish_fixture.hpp"

#include <cstdlib>
#include <memory>
#include <random>
#include <set>
#include <string>

namespace cairn::publish {

/// What one machine has built: a family of six images for two platforms, with a store of its own.
struct Generation {
  ReleaseFamily family;
  stack::ReleaseDescription description;
  Prepared prepared;
  std::set<std::string> digests;  ///< of its indexes and manifests
};

/// The promise: every tag, at every moment, names a complete index or manifest of one release.
class PromiseTest : public ::testing::Test {
 protected:
  PromiseTest() {
    ::setenv("XDG_RUNTIME_DIR", run_.path().c_str(), 1);
    if (!generations.empty()) return;
    for (const char* content : {"1", "2", "3"})
      generations.push_back(make(content));
  }
  static void TearDownTestSuite() { generations.clear(); }

  ~PromiseTest() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  /// How often a test does what it does, of `fast` times: more where somebody asks for it.
  static int rounds(int fast) {
    const char* asked = std::getenv("CAIRN_PROMISE_ROUNDS");
    return asked == nullptr ? fast : std::atoi(asked);
  }

  static std::unique_ptr<Generation> make(const std::string& content) {
    auto made = std::make_unique<Generation>();
    auto& images = made->family.images;
    images = {{"base"},       {"web", "base"}, {"lab", "base"},
              {"sci", "lab"}, {"gpu", "lab"},  {"all", "sci"}};
    images.front().content = content;
    images.front().probes = {{"python", "3.11." + content, {"python-{major}.{minor}"}}};
    made->family.description["tags"] = {"latest"};
    made->family.write();
    made->description = stack::ReleaseDescription::read(made->family.release_file());
    made->prepared = prepare(made->description, options());
    for (const stack::MergedImage& image : made->prepared.images) {
      made->digests.insert(image.index.descriptor.digest.to_string());
      for (const stack::PlatformEvidence& platform : image.platforms)
        made->digests.insert(platform.exported.manifest.digest.to_string());
    }
    return made;
  }

  static PublishOptions options() {
    PublishOptions options;
    options.lease.settle = std::chrono::milliseconds(0);
    options.at_once = 1;
    options.time = 1'790'000'000;
    // The order in which publishers come decides here, and not what they bring.
    options.plan.allow_older = {"latest",      "x86_64-latest",      "aarch64-latest",
                                "python-3.11", "x86_64-python-3.11", "aarch64-python-3.11"};
    return options;
  }

  PublishReport run(int generation, MemoryDestination& destination, const PublishOptions& with) {
    Generation& one = *generations[static_cast<std::size_t>(generation)];
    Prepared prepared = one.prepared;
    prepared.facts.id = release_id(prepared.facts.time);
    return publish_prepared(one.description, prepared, destination, with);
  }

  /// What is wrong with a tag; empty when the promise is kept. The caller holds no lock.
  std::string broken(MemoryPlace& place, const MemoryPlace::Name& name) const {
    const std::lock_guard guard(place.mutex);
    const auto held = place.tags.find(name);
    if (held == place.tags.end()) return "it is gone";
    std::string why;
    if (!place.is_whole(name.first, held->second, why)) return why;
    return generation_of(held->second) < 0 ? held->second + " is of no release" : "";
  }
  int generation_of(const std::string& digest) const {
    for (std::size_t i = 0; i < generations.size(); ++i) {
      if (generations[i]->digests.contains(digest)) return static_cast<int>(i);
    }
    return -1;
  }
  /// The generation that all tags are of; -1 when they are mixed.
  int whole_generation(MemoryPlace& place) const {
    std::set<int> found;
    for (const auto& [name, digest] : place.tags) {
      if (name.second != kReleaseTag) found.insert(generation_of(digest));
    }
    return found.size() == 1 ? *found.begin() : -1;
  }

  /// Checks each tag as it moves, and that the release document told of it before.
  void watch(MemoryPlace& place, const std::string& step) const {
    static const std::string verb = "PUT ";
    if (!step.starts_with(verb) || step.find('@') != std::string::npos) return;
    const std::size_t colon = step.rfind(':');
    const MemoryPlace::Name name{step.substr(verb.size(), colon - verb.size()),
                                 step.substr(colon + 1)};
    if (name.second == kReleaseTag) return;
    EXPECT_EQ(broken(place, name), "") << step;
  }

  static void copy(const MemoryPlace& from, MemoryPlace& to) {
    to.documents = from.documents;
    to.blobs = from.blobs;
    to.tags = from.tags;
    to.now = from.now;
  }

  static std::optional<JournalEntry> entry(MemoryPlace& place) {
    MemoryDestination quiet(place);
    return Journal(quiet, "quay.io/me/base").read();
  }

  TempDir run_{"cairn-run-"};
  static inline std::vector<std::unique_ptr<Generation>> generations;  ///< of all cases of a suite
};

}  // namespace cairn::publish
