// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "engine/engine.hpp"
#include "stack/model/image_record.hpp"
#include "stack/model/layout.hpp"
#include "stack/testing/test_kinds.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cairn::stack {

struct TestOptions {
  std::vector<std::string> only;  ///< names; empty: all
  bool all = false;               ///< run also what has passed before
  int slots = 0;                  ///< at once; 0: by the description, else one a core
};

/// One test of a run, as it ends.
struct TestReport {
  TestRecord record;
  bool report = false;   ///< never gates
  bool ran = false;      ///< false: it has passed before, with the same key
  std::string log_path;  ///< of what did not pass
  std::string log_tail;  ///< its last 40 lines
  std::string moved;     ///< an input that changed while it ran; its key is empty then
};

/// Opens the engine; called once a worker, and only when something must run.
using EngineOpener = std::function<std::unique_ptr<engine::Engine>()>;
/// Called as each test ends, one at a time.
using ReportSink = std::function<void(const TestReport&)>;

/// Runs the tests of one image on one platform that have no passing record of the same key, side
/// by side up to the limit of this machine, and writes a record of each, whatever becomes of the
/// others. A test is filed under the inputs that it ran with, whatever the last scan saw; when one
/// changed meanwhile, what passed answers for nothing later. Returns all selected tests in the
/// order of their description. Throws UserError for a test that is not there, for an image that is
/// not built, and Interrupted.
std::vector<TestReport> run_tests(const ImageFolder& folder, const TestOptions& options,
                                  const EngineOpener& open_engine, const ReportSink& sink);

/// How many tests may run at once: $CAIRN_TEST_SLOTS, else `declared`, else the number of cores.
/// Throws UserError for a value that is no positive number.
int test_slots(int declared);

}  // namespace cairn::stack
