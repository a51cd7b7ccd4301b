// SPDX-License-Identifier: BSD-3-Clause
#include "publish/store_source.hpp"

#include "../stack/export/export_fixture.hpp"
#include "publish/layout_destination.hpp"
#include "publish/push.hpp"

#include <gtest/gtest.h>

#include <filesystem>

namespace cairn::publish {
namespace {

namespace fs = std::filesystem;

/// An image that is built, exported, and then pushed to a layout.
class StoreSourceTest : public stack::ExportTest {
 protected:
  stack::ExportRecord made() {
    built("root", {stack::layer_of("file", "content")});
    return exported("root").record;
  }

  /// What a push to an empty layout throws; empty when it goes through.
  std::string push(const stack::ExportRecord& record) {
    stack::ReleaseDescription description;
    description.store = family.store().string();
    fs::remove_all(family.root() / "there");
    LayoutDestination there(family.root() / "there", 2);
    try {
      push_exports(description, {record}, there);
    } catch (const Error& error) {
      return std::string(error.what()) + (error.hint().empty() ? "" : " | " + error.hint());
    }
    return {};
  }
  fs::path path_of(const oci::Descriptor& blob) const { return store().path_of(blob.digest); }
};

/// Other bytes of the same number.
void spoil(const fs::path& blob) {
  std::string bytes = read_file(blob);
  bytes.back() = static_cast<char>(bytes.back() + 1);
  write_file(blob, bytes);
}

TEST_F(StoreSourceTest, HasABadBlobOfTheRightSizeMadeAgain) {
  const stack::ExportRecord record = made();
  for (const oci::Descriptor& bad : {record.layers[0].blob, record.config, record.manifest}) {
    spoil(path_of(bad));
    const std::string said = push(record);
    EXPECT_EQ(said.rfind("blob '" + bad.digest.to_string() +
                             "' of the store is bad: its bytes hash to 'sha256:",
                         0),
              0U)
        << said;
    EXPECT_NE(said.find("' | it has been removed; make it again: cairn export"), std::string::npos)
        << said;
    EXPECT_FALSE(fs::exists(path_of(bad)));
    EXPECT_EQ(exported("root").record.to_text(), record.to_text());
  }
  EXPECT_EQ(push(record), "");
}

TEST_F(StoreSourceTest, HasABlobThatWasCutShortMadeAgain) {
  const stack::ExportRecord record = made();
  const oci::Descriptor& bad = record.layers[0].blob;
  fs::resize_file(path_of(bad), 10);
  EXPECT_EQ(push(record).rfind("blob '" + bad.digest.to_string() + "' of the store is bad: ", 0),
            0U);
  EXPECT_FALSE(fs::exists(path_of(bad)));
  EXPECT_EQ(exported("root").compressed, 1U);
  EXPECT_EQ(push(record), "");
}

TEST_F(StoreSourceTest, KeepsAGoodBlobWhoseSizeARecordLiesAbout) {
  stack::ExportRecord record = made();
  record.manifest.size += 1;
  const std::string said = push(record);
  EXPECT_NE(said.find("blob '" + record.manifest.digest.to_string() + "' is "), std::string::npos)
      << said;
  EXPECT_NE(said.find(" bytes long, its descriptor says "), std::string::npos) << said;
  EXPECT_TRUE(fs::exists(path_of(record.manifest)));
}

}  // namespace
}  // namespace cairn::publish
