// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../support/memory_registry.hpp"
#include "base/time.hpp"
#include "publish/journal.hpp"

#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string>

namespace cairn::publish {

/// One of several that publish a stack to the same registry, each as a process of its own would.
class Publisher {
 public:
  Publisher(testing::MemoryRegistry& registry, std::string id, int attempts = 1)
      : id_(std::move(id)) {
    registry::ClientOptions options;
    options.retry.attempts = attempts;
    options.retry.sleep = [this](std::chrono::milliseconds) {
      if (on_pause) on_pause();
    };
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client = std::make_unique<registry::Client>(registry.transport(), options);
    registry::PushOptions push;
    push.uploads = 1;
    destination = make_destination("r.example", *client, push);
    journal = std::make_unique<Journal>(*destination, "q.example/root");
    lease_options.sleep = [this](std::chrono::milliseconds pause) {
      slept += pause;
      if (on_sleep) on_sleep();
    };
  }

  stack::ReleaseDocument document(stack::ReleaseState state) const {
    stack::ReleaseDocument made;
    made.id = id_;
    made.stack = "family";
    made.state = state;
    made.time = 1;
    return made;
  }

  void acquire() { acquire(journal->read()); }
  void acquire(const std::optional<JournalEntry>& current) {
    lease.emplace(*journal, *destination, document(stack::ReleaseState::leased), current,
                  lease_options);
  }

  /// Tags would be moved now, if it still has the lease.
  void move() {
    lease->require();
    ++batches;
  }

  /// A whole release of two batches.
  void publish() {
    acquire();
    lease->write(document(stack::ReleaseState::open));
    move();
    move();
    lease->write(document(stack::ReleaseState::closed));
    done = true;
  }

  std::string id_;
  std::unique_ptr<registry::Client> client;
  std::unique_ptr<Destination> destination;
  std::unique_ptr<Journal> journal;
  LeaseOptions lease_options;
  std::function<void()> on_sleep;  ///< while a lease settles
  std::function<void()> on_pause;  ///< before a request is sent again
  std::optional<Lease> lease;
  std::chrono::milliseconds slept{0};
  int batches = 0;
  bool done = false;
};

/// What `act` throws, its hint behind a bar, with names of holders shortened to HOLDER.
template <typename Act>
std::string error_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "no error";
}

/// A Date header.
inline std::string http_date_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

}  // namespace cairn::publish
