// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../support/memory_registry.hpp"
#include "../../support/memory_source.hpp"
#include "publish/registry_destination.hpp"
#include "publish_fixture.hpp"

#include <memory>
#include <string>
#include <vector>

namespace cairn::publish {

using registry::Answer;
using registry::Request;
using testing::MemoryRegistry;
using testing::MemorySource;

inline bool asks_for_several(const Request& request) {
  return request.url.text().find("?tag=") != std::string::npos;
}

/// A registry in memory that may set several tags by one PUT, and one publisher to it.
class SeveralTagsTest : public PublishTest {
 protected:
  SeveralTagsTest() {
    registry::ClientOptions options;
    options.retry = {2, std::chrono::milliseconds(1), std::chrono::milliseconds(1),
                     [](std::chrono::milliseconds) {}, [] { return 0.0; }};
    options.find_credential = [](const std::string&) { return std::nullopt; };
    client_ = std::make_unique<registry::Client>(registry_.transport(), options);
    push_.uploads = 1;
    renew();
  }

  /// Another run, which has learned nothing yet.
  void renew(const std::string& text = "r.example") {
    there_ = make_destination(text, *client_, push_);
  }

  /// An image that is there by digest, to go under `tags`.
  std::vector<TagPut> pushed(const std::string& repository, const std::string& content,
                             const std::vector<std::string>& tags) {
    const oci::Descriptor image = source_.image(source_.config(content), {});
    there_->push(source_, {{repository, image}});
    registry_.take_log();
    std::vector<TagPut> puts;
    for (const std::string& tag : tags)
      puts.push_back({repository, tag, image.digest, image.media_type, source_.bytes(image)});
    return puts;
  }

  /// That all of `puts` hold, whatever the registry said.
  void expect_set(const std::vector<TagPut>& puts) {
    for (const TagPut& put : puts)
      EXPECT_EQ(there_->digest(put.repository, put.tag), put.digest) << put.name();
  }

  /// The PUTs of tags, `a` or `1234?tag=a&tag=b` with the beginning of a digest.
  std::vector<std::string> puts() {
    std::vector<std::string> all;
    for (const std::string& line : registry_.take_log()) {
      const std::size_t at = line.find("/manifests/");
      if (line.starts_with("PUT ") && at != std::string::npos) all.push_back(line.substr(at + 11));
    }
    return all;
  }
  static std::string together(const TagPut& put, const std::string& query) {
    return put.digest.hex().substr(0, 4) + query;
  }

  MemoryRegistry registry_;
  MemorySource source_;
  registry::PushOptions push_;
  std::unique_ptr<registry::Client> client_;
  std::unique_ptr<Destination> there_;
};

}  // namespace cairn::publish
