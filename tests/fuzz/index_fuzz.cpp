// SPDX-License-Identifier: BSD-3-Clause
//
// The scan's index, damaged: a snapshot is read, or refused with an Error; nothing is read beyond
// its end. The input is a snapshot when its first byte is even; otherwise it is a list of places
// and bytes to put there, into a sound snapshot.
#include "base/error.hpp"
#include "fuzz/memory_file.hpp"
#include "fuzz/property.hpp"
#include "stack/scan/content_index.hpp"

#include <cstdint>
#include <vector>

namespace {

using namespace cairn::stack;
using cairn::fuzz::MemoryFile;
using cairn::fuzz::require;

std::string sound_snapshot() {
  Snapshot snapshot;
  snapshot.context = "/nowhere";
  snapshot.key_text = "cairn-key 1\n";
  snapshot.engine_id = "sha256:0";
  snapshot.bases = {{"debian:12", "sha256:1"}, {"gone", ""}};
  snapshot.refresh = "never";
  WatchedPath file{"a/b", {}, {}, true};
  file.stamp.kind = PathKind::file;
  snapshot.watched = {file, {"absent", {}, {}, true}};
  snapshot.own = {{"/nowhere/key", {}, {}, false}};
  return serialise(snapshot);
}

// Three bytes an edit: two for the place, one to put there.
std::string damaged(std::string bytes, const std::uint8_t* edits, std::size_t size) {
  for (std::size_t i = 0; i + 2 < size; i += 3) {
    const std::size_t place = edits[i] * std::size_t{256} + edits[i + 1];
    bytes[place % bytes.size()] = static_cast<char>(edits[i + 2]);
  }
  return bytes;
}

// In memory of its own exact size, so that a read beyond its end is seen.
void check_snapshot(const std::string& text) {
  const std::vector<char> exact(text.begin(), text.end());
  const std::string_view bytes(exact.data(), exact.size());
  is_unchanged(bytes);
  try {
    view_of(bytes);
    const std::string again = serialise(deserialise(bytes));
    require(serialise(deserialise(again)) == again, "a snapshot is read as it was written");
  } catch (const cairn::Error&) {
    return;
  }
}

void check_index(const std::string& text) {
  static const MemoryFile file;
  for (const std::string& bytes : {text, "cairn-index-2\n" + std::string(2, '\0') + text}) {
    file.fill(bytes);
    const ContentIndex index(file.path());
    index.find("");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string sound = sound_snapshot();
  if (size == 0) {
    return 0;
  }
  const bool raw = data[0] % 2 == 0;
  const std::string text = raw ? std::string(reinterpret_cast<const char*>(data + 1), size - 1)
                               : damaged(sound, data + 1, size - 1);
  check_snapshot(text);
  check_index(text);
  return 0;
}
