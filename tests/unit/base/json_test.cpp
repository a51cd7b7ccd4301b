// SPDX-License-Identifier: BSD-3-Clause
#include "base/json.hpp"

#include "base/error.hpp"
#include "base/file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cairn {
namespace {

using ::testing::StartsWith;

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.hint().empty() ? error.what() : std::string(error.what()) + " | " + error.hint();
  }
  return "no error";
}

TEST(Json, HasOneFormForHashing) {
  EXPECT_EQ(canonical_json(Json::parse(R"({ "b": 1, "a": [true, null, "x\u00e9"] })")),
            R"({"a":[true,null,"xé"],"b":1})");
  EXPECT_EQ(canonical_json(Json{{"bad", "a\xff"}}), "{\"bad\":\"a\xef\xbf\xbd\"}");
}

TEST(Json, HasOneFormForRecords) {
  EXPECT_EQ(pretty_json(Json{{"b", 1}, {"a", {1}}}), "{\n  \"a\": [\n    1\n  ],\n  \"b\": 1\n}\n");
}

TEST(Json, NamesFileAndLineOfWhatIsNoJson) {
  const TempDir folder("cairn-json-");
  const std::string path = folder.path() / "x.json";
  write_file(path, "{\n\"a\": 1,\n\"b\" 2\n}\n");
  EXPECT_THAT(error_of([&] { read_json(path); }), StartsWith(path + ":3: not JSON: "));
  write_file(path, "");
  EXPECT_THAT(error_of([&] { read_json(path); }), StartsWith(path + ":1: not JSON: "));
  write_file(path, "{\"size\": 19e6558}");
  EXPECT_THAT(error_of([&] { read_json(path); }), StartsWith(path + ": not JSON: "));
}

TEST(Json, RefusesAMemberOfAnotherType) {
  const Json object{{"s", "x"}, {"n", 1}, {"b", true}, {"l", {"a", 1}}, {"m", {{"k", 1}}}};
  EXPECT_EQ(error_of([&] { require_string(object, "n", "f.json"); }),
            "f.json: expected a string at 'n'");
  EXPECT_EQ(error_of([&] { require_string(object, "none", "f.json"); }),
            "f.json: expected a string at 'none'");
  EXPECT_EQ(error_of([&] { string_or(object, "n", ""); }), "expected a string at 'n'");
  EXPECT_EQ(error_of([&] { bool_or(object, "n", false); }), "expected true or false at 'n'");
  EXPECT_EQ(error_of([&] { int_or(object, "s", 0); }), "expected a whole number at 's'");
  EXPECT_EQ(error_of([&] { strings_or_empty(object, "s"); }), "expected a list at 's'");
  EXPECT_EQ(error_of([&] { strings_or_empty(object, "l"); }), "expected a list of strings at 'l'");
  EXPECT_EQ(error_of([&] { string_map_or_empty(object, "l"); }), "expected an object at 'l'");
  EXPECT_EQ(error_of([&] { string_map_or_empty(object, "m"); }), "expected a string at 'm.k'");
}

TEST(Json, TakesTheDefaultForWhatIsMissingOrNull) {
  const Json object{{"null", nullptr}};
  for (const char* key : {"null", "none"}) {
    EXPECT_EQ(string_or(object, key, "x"), "x");
    EXPECT_TRUE(bool_or(object, key, true));
    EXPECT_EQ(int_or(object, key, 7), 7);
    EXPECT_TRUE(strings_or_empty(object, key).empty());
    EXPECT_TRUE(string_map_or_empty(object, key).empty());
  }
}

TEST(Json, RefusesAnotherSchema) {
  const std::string hint =
      " | configure again, so that the files are written by this version of Cairn";
  EXPECT_EQ(error_of([] {
              require_schema({{"schema", "cairn/x/2"}}, "cairn/x/1", "f.json");
            }),
            "f.json: expected schema 'cairn/x/1', got 'cairn/x/2'" + hint);
  EXPECT_EQ(error_of([] { require_schema(Json::array(), "cairn/x/1", "f.json"); }),
            "f.json: expected schema 'cairn/x/1', got ''" + hint);
  EXPECT_EQ(error_of([] {
              require_schema({{"schema", "cairn/x/1"}}, "cairn/x/1", "f");
            }),
            "no error");
}

}  // namespace
}  // namespace cairn
