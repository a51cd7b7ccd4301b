// SPDX-License-Identifier: BSD-3-Clause
#include "base/lock.hpp"
#include "base/sha256.hpp"
#include "publish/prepare.hpp"
#include "store/store.hpp"

#include <fmt/core.h>

#include <memory>
#include <unistd.h>

namespace cairn::publish {
namespace {

/// One publisher at a time for each store and place; other machines are kept out by the lease.
std::unique_ptr<FileLock> lock_place(const stack::ReleaseDescription& description,
                                     Destination& destination, const PublishOptions& options) {
  const store::Store store(description.store);
  const std::string place = destination.place_of(description.root_repository);
  const auto path = store.lock_path("publish-" + sha256_hex(place).substr(0, 16));
  return std::make_unique<FileLock>(
      path, fmt::format("process {}", ::getpid()), [&](const std::string& holder) {
        if (options.say)
          options.say("waiting for " + holder + ", which publishes to '" + place + "'");
      });
}

}  // namespace

PublishReport publish(const stack::ReleaseDescription& description, Destination& destination,
                      const PublishOptions& options) {
  std::unique_ptr<FileLock> lock;
  if (!options.dry_run) lock = lock_place(description, destination, options);
  const Prepared prepared = prepare(description, options);
  return publish_prepared(description, prepared, destination, options);
}

}  // namespace cairn::publish
