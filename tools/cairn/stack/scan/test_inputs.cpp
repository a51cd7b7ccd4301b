// SPDX-License-Identifier: BSD-3-Clause
#include "stack/scan/test_inputs.hpp"

#include "base/error.hpp"
#include "base/json.hpp"
#include "stack/model/test_description.hpp"

#include <fcntl.h>

namespace cairn::stack {
namespace {

constexpr const char* kFirstLine = "cairn-tests-key 1\n";
// One damaged file must not stop the scan: the step that reads it says what is wrong (rule 8).
constexpr const char* kUnreadable = "cairn-tests-key 1\nunreadable\n";

class InputHash {
 public:
  InputHash(std::vector<WatchedPath>& watched, const KnownDigest& known)
      : watched_(watched), known_(known) {}

  void add(const std::string& path) {
    const PathStamp stamp = stamp_at(AT_FDCWD, path.c_str());
    // Named by its last part only: a moved checkout gives the same key.
    hash_.update_field(std::filesystem::path(path).filename().string());
    if (stamp.kind == PathKind::directory) {
      add_folder(path);
    } else {
      // What a link leads to is what the test reads: every step of the way is keyed.
      for (const auto& [link, link_stamp] : link_chain(path)) {
        if (link_stamp.kind == PathKind::directory) {
          add_folder(link);
        } else {
          add_leaf(link, link_stamp);
        }
      }
    }
  }

  std::string finish() { return to_hex(hash_.finish()); }

 private:
  void add_folder(const std::string& path) {
    const ContextListing listing =
        list_context(path, {}, [&](const std::string& below, const PathStamp& stamp) {
          return known_(path + "/" + below, stamp);
        });
    for (const auto& [folder, stamp] : listing.folders) {
      watched_.push_back({folder == "." ? path : path + "/" + folder, stamp, {}, false});
    }
    for (const ContextEntry& entry : listing.entries) {
      if (entry.path.ends_with(".pyc") || entry.path.ends_with("__pycache__")) continue;
      hash_.update_field(entry.path);
      hash_bytes(entry.digest, entry.stamp);
      watched_.push_back({path + "/" + entry.path, entry.stamp, entry.digest, false});
    }
  }

  void add_leaf(const std::string& path, const PathStamp& stamp) {
    Sha256Bytes digest{};
    if (stamp.kind == PathKind::file) {
      const auto known = known_(path, stamp);
      digest = known ? *known : sha256_file(path);
    } else if (stamp.kind == PathKind::symlink) {
      digest = digest_of_link(AT_FDCWD, path);
    }
    hash_bytes(digest, stamp);
    watched_.push_back({path, stamp, digest, false});
  }

  void hash_bytes(const Sha256Bytes& digest, const PathStamp& stamp) {
    hash_.update_field(std::to_string(static_cast<int>(stamp.kind)) + " " +
                       std::to_string(stamp.mode & 0111));
    hash_.update_field({reinterpret_cast<const char*>(digest.data()), digest.size()});
  }

  std::vector<WatchedPath>& watched_;
  const KnownDigest& known_;
  Sha256 hash_;
};

void add_tests(const Json& object, const std::string& description, const KnownDigest& known,
               TestInputs& inputs) {
  for (const Json& test : object.value("tests", Json::array())) {
    const std::vector<std::string> paths =
        paths_of_test(strings_or_empty(test, "inputs"), string_or(test, "script", ""),
                      string_or(test, "file", ""));
    if (paths.empty()) continue;
    const std::string name = require_string(test, "name", description);
    const InputsOfTest seen = read_test_inputs(paths, known);
    inputs.text += seen.key + " " + name + "\n";
    inputs.watched.insert(inputs.watched.end(), seen.watched.begin(), seen.watched.end());
  }
}

}  // namespace

InputsOfTest read_test_inputs(const std::vector<std::string>& paths, const KnownDigest& known) {
  InputsOfTest inputs;
  InputHash hash(inputs.watched, known);
  try {
    for (const std::string& path : paths)
      hash.add(path);
    inputs.key = hash.finish();
  } catch (const Error&) {
    // Keyed as unreadable, and looked at again by every scan: the test itself will say why.
    inputs.key = kUnknownInputs;
    inputs.watched.push_back({paths.front(), {}, {}, false});
  }
  return inputs;
}

TestInputs TestInputs::read(const ImageFolder& folder, const KnownDigest& known) {
  TestInputs inputs;
  const std::string description = folder.test_description();
  const PathStamp stamp = stamp_at(AT_FDCWD, description.c_str());
  inputs.watched.push_back({description, stamp, {}, false});
  if (stamp.kind == PathKind::absent) return inputs;
  inputs.needed = true;
  inputs.text = kFirstLine;
  try {
    add_tests(read_json(description), description, known, inputs);
  } catch (const Error&) {
    inputs.text = kUnreadable;
  } catch (const Json::exception&) {
    inputs.text = kUnreadable;
  }
  return inputs;
}

}  // namespace cairn::stack
