// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../support/in_child.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "store/store.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>

namespace cairn::store {

namespace fs = std::filesystem;

/// A store with locks of its own.
class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    fs::create_directory(folder_.path() / "run");
    ::setenv("XDG_RUNTIME_DIR", (folder_.path() / "run").c_str(), 1);
  }
  ~StoreTest() override { ::unsetenv("XDG_RUNTIME_DIR"); }

  fs::path root() const { return folder_.path() / "store"; }
  fs::path blob(const oci::Digest& digest) const {
    return root() / "oci/blobs/sha256" / digest.hex();
  }
  /// What `work` throws, with the store's folder as `@`; then its hint.
  std::string thrown_by(const std::function<void()>& work) const {
    try {
      work();
    } catch (const Error& error) {
      std::string text = error.what() + (error.hint().empty() ? "" : "\nhint: " + error.hint());
      const std::string path = root().string();
      for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path))
        text.replace(at, path.size(), "@");
      return text;
    }
    return "nothing";
  }

 private:
  TempDir folder_{"cairn-store-"};
};

}  // namespace cairn::store
