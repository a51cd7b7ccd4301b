// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../support/memory_registry.hpp"
#include "../../support/memory_source.hpp"
#include "registry/push.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace cairn::registry {

/// Pushes images in memory to a registry in memory, one request after another.
class PushTest : public ::testing::Test {
 protected:
  PushTest() {
    options_.uploads = 1;
    options_.settle = std::chrono::milliseconds(200);
  }

  Client& client() {
    if (!client_) {
      ClientOptions options;
      options.retry = {3, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                       [this](std::chrono::milliseconds) { ++pauses_; }, [] { return 0.0; }};
      options.find_credential = [](const std::string&) { return std::nullopt; };
      client_ = std::make_unique<Client>(registry_.transport(), options);
    }
    return *client_;
  }

  PushTarget target(const std::string& repository, const oci::Descriptor& root) {
    return {oci::Reference::parse("r.example/" + repository), root, &source_};
  }

  PushReport push(const std::vector<PushTarget>& targets) {
    return Pusher(client(), options_).push(targets);
  }

  std::string error_of(const std::vector<PushTarget>& targets) {
    try {
      push(targets);
    } catch (const Error& error) {
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return "no error";
  }

  std::string short_of(const oci::Descriptor& one) { return one.digest.hex().substr(0, 4); }

  testing::MemoryRegistry registry_;
  testing::MemorySource source_;
  PushOptions options_;
  std::unique_ptr<Client> client_;
  std::atomic<int> pauses_{0};
};

}  // namespace cairn::registry
