// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "base/file.hpp"
#include "engine/engine.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

namespace cairn::engine {

/// A test of what every engine must do, against the endpoint that $CAIRN_TEST_ENDPOINT names.
class EngineContract : public ::testing::Test {
 protected:
  EngineContract();

  /// A name that only this test uses.
  std::string unique(const std::string& word) const;
  std::string reference(const std::string& word) const;  ///< `cairn.invalid/…/<word>:1`

  /// A request whose context holds the probe as `probe`, and whose recipe is `recipe`.
  BuildRequest request(const std::string& recipe) const;
  std::string build(const std::string& recipe);
  /// An image of the probe alone, with the probe as entrypoint.
  std::string probe_image();
  RunRequest run_request(const std::string& image, std::vector<std::string> command) const;

  /// The text of the Error that `action` throws; a test failure when it throws none.
  static std::string error_of(const std::function<void()>& action);
  /// Whether `condition` became true within a minute.
  static bool eventually(const std::function<bool()>& condition);

  bool is(const std::string& kind) const { return engine->endpoint().kind == kind; }
  bool is_legacy() const { return engine->endpoint().builder == "legacy"; }

  TempDir folder{"cairn-contract-"};
  std::unique_ptr<Engine> engine;
};

/// The body of `GET /` at `address`; empty when nobody answers.
std::string http_get(const std::string& address);

}  // namespace cairn::engine
