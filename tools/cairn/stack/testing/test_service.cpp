// SPDX-License-Identifier: BSD-3-Clause
#include "base/error.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "stack/testing/http_get.hpp"
#include "stack/testing/test_kinds.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

namespace cairn::stack {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

// How long a service that has no wait of its own may take to answer its first request.
constexpr int kDefaultWait = 30;
constexpr milliseconds kShortest{20};
constexpr milliseconds kLongest{500};
constexpr seconds kGrace{10};

/// Asks `is_ready` at growing intervals until it is, `end` passes or the container has ended.
/// Returns why it is not ready, or an empty text.
std::string wait_until(engine::Container& container, Clock::time_point end,
                       const std::function<bool()>& is_ready) {
  for (milliseconds pause = kShortest;; pause = std::min(pause * 3 / 2, kLongest)) {
    check_interrupted();
    if (is_ready()) return {};
    if (!container.running()) {
      return fmt::format("the container ended with status {}", container.exit_status());
    }
    if (Clock::now() >= end) return "not in time";
    std::this_thread::sleep_for(pause);
  }
}

std::string wait_for_health(engine::Container& container, int limit) {
  engine::Health health = engine::Health::starting;
  const std::string problem =
      wait_until(container, Clock::now() + seconds(limit), [&container, &health] {
        health = container.health();
        if (health == engine::Health::none) {
          throw UserError("the image has no HEALTHCHECK to wait for",
                          "wait for a port instead: WAIT_PORT 30 PORT 8080");
        }
        // 'unhealthy' is not the end: a slow start passes through it.
        return health == engine::Health::healthy;
      });
  if (problem != "not in time") return problem;
  return fmt::format("not healthy within {} ({})", format_seconds(limit),
                     health == engine::Health::unhealthy ? "unhealthy" : "starting");
}

std::string wait_for_port(engine::Container& container, int port, int limit) {
  const std::string address = container.address(port);
  const std::string problem = wait_until(container, Clock::now() + seconds(limit),
                                         [&address] { return port_is_open(address); });
  if (problem != "not in time") return problem;
  return fmt::format("nothing listens on port {} within {}", port, format_seconds(limit));
}

std::string ask(engine::Container& container, const TestDescription& test) {
  const std::string address = container.address(test.port);
  const int limit = test.wait_port > 0 ? test.wait_port : kDefaultWait;
  std::optional<engine::HttpResponse> answer;
  const std::string problem =
      wait_until(container, Clock::now() + seconds(limit), [&answer, &address, &test, limit] {
        answer = http_get(address, test.http_get, seconds(limit));
        return answer.has_value();
      });
  if (problem == "not in time") {
    return fmt::format("no answer to GET {} on port {} within {}", test.http_get, test.port,
                       format_seconds(limit));
  }
  if (!problem.empty()) return problem;
  if (answer->status != test.expect_status) {
    return fmt::format("expected status {} for GET {}, got {}", test.expect_status, test.http_get,
                       answer->status);
  }
  if (test.expect_body.empty() || Pattern(test.expect_body).found_in(answer->body)) return {};
  return fmt::format("the body of GET {} does not match '{}':\n{}", test.http_get, test.expect_body,
                     last_lines(answer->body, 10));
}

std::string check_running(engine::Container& container, const TestDescription& test) {
  std::string problem;
  if (test.wait_healthy > 0) problem = wait_for_health(container, test.wait_healthy);
  if (problem.empty() && test.wait_port > 0) {
    problem = wait_for_port(container, test.port, test.wait_port);
  }
  if (problem.empty() && !test.http_get.empty()) problem = ask(container, test);
  return problem;
}

}  // namespace

TestOutcome run_service_test(const TestContext& context, const TestDescription& test) {
  engine::RunRequest request = container_request(context, test);
  if (test.port > 0) request.published_ports = {test.port};
  const auto container = context.engine.start(request);
  TestOutcome outcome;
  try {
    outcome.reason = check_running(*container, test);
  } catch (const UserError&) {
    throw;
  } catch (const UnreachableError&) {
    throw;
  } catch (const Interrupted&) {
    throw;
  } catch (const Error& error) {
    // An answer that is no HTTP says something about the image, not about this machine.
    outcome.reason = error.what();
  }
  if (container->running()) container->stop(kGrace);
  outcome.log = container->logs();
  if (outcome.reason.empty() && test.expect_exit && container->exit_status() != *test.expect_exit) {
    outcome.reason = fmt::format("expected exit status {} after the stop, got {}",
                                 *test.expect_exit, container->exit_status());
  }
  // The engine hands both streams over as one.
  if (outcome.reason.empty()) outcome.reason = unmet_expectation(test, outcome.log, outcome.log);
  outcome.status = outcome.reason.empty() ? TestStatus::passed : TestStatus::failed;
  return outcome;
}

}  // namespace cairn::stack
