// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../../support/fake_engine.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "stack/testing/test_kinds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cairn::stack {

/// What a fake container does, and what became of it.
struct ContainerState {
  bool running = true;
  int exit_status = 0;
  std::string log;
  std::string address = "127.0.0.1:1";
  std::function<engine::Health()> on_health = [] { return engine::Health::healthy; };
  int asked = 0;  ///< for its health
  int stopped = 0;
  int removed = 0;
};

class FakeContainer : public engine::Container {
 public:
  explicit FakeContainer(std::shared_ptr<ContainerState> state) : state_(std::move(state)) {}
  ~FakeContainer() override { ++state_->removed; }
  const std::string& id() const override { return id_; }
  bool running() override { return state_->running; }
  int exit_status() override { return state_->exit_status; }
  std::string address(int) override { return state_->address; }
  engine::Health health() override {
    ++state_->asked;
    return state_->on_health();
  }
  engine::RunResult exec(const std::vector<std::string>&,
                         std::optional<std::chrono::milliseconds>) override {
    throw Error("no exec was expected");
  }
  std::string logs() override { return state_->log; }
  void stop(std::chrono::seconds) override {
    ++state_->stopped;
    state_->running = false;
  }

 private:
  std::shared_ptr<ContainerState> state_;
  std::string id_ = "container";
};

/// One test of an image that a fake engine holds.
class TestingFixture : public ::testing::Test {
 protected:
  TestingFixture() {
    image.target = "app";
    image.image = "app";
    image.variant = "cuda12";
    image.platform = "linux/amd64";
    image.engine_id = "sha256:11";
    info().id = image.engine_id;
    info().names = {"quay.io/me/app:latest"};
    world->on_start = [this](const engine::RunRequest& request) {
      world->runs.push_back(request);
      return std::make_unique<FakeContainer>(container);
    };
    test.name = "t";
  }

  engine::ImageInfo& info() const { return world->images[image.engine_id]; }
  std::filesystem::path junit() const { return folder.path() / "t.xml"; }

  TestOutcome run() { return outcome = run_test({engine, image, image_folder, junit()}, test); }
  /// `passed`, or `<status>: <reason>`.
  std::string verdict() {
    run();
    const std::string status = to_string(outcome.status);
    return outcome.reason.empty() ? status : status + ": " + outcome.reason;
  }
  /// Every container ends like this.
  void answer(int exit_status, const std::string& out = {}, const std::string& err = {}) const {
    world->on_run = [=](const engine::RunRequest&) -> engine::RunResult {
      return {exit_status, false, out, err, {}};
    };
  }
  std::string file(const std::string& name, const std::string& content) const {
    write_file(folder.path() / name, content);
    return folder.path() / name;
  }

  std::shared_ptr<testing::FakeWorld> world = std::make_shared<testing::FakeWorld>();
  std::shared_ptr<ContainerState> container = std::make_shared<ContainerState>();
  testing::FakeEngine engine{world};
  ImageRecord image;
  const ImageFolder image_folder{"/b c/cairn/images/app/x86_64"};
  TestDescription test;
  TestOutcome outcome;
  TempDir folder{"cairn-testing-"};
};

}  // namespace cairn::stack
