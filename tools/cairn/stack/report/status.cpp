// SPDX-License-Identifier: BSD-3-Clause
#include "stack/report/status.hpp"

#include "base/json.hpp"
#include "base/text.hpp"
#include "stack/build/superseded.hpp"
#include "stack/build/undeclared.hpp"
#include "stack/model/test_record.hpp"
#include "stack/report/test_keys.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

namespace cairn::stack {
namespace {

void fill_tests(const TestKeys& keys, const ImageFolder& folder, const ImageRecord& record,
                ImageStatus& status) {
  for (const TestDescription& test : keys.tests()) {
    ++status.tests;
    if (keys.has_passed(test, record.config_digest)) {
      ++status.passed;
      continue;
    }
    const auto result = TestRecord::read_if_present(folder.test_record(test.name));
    if (!result || result->test_key != keys.key_of(test, record.config_digest)) continue;
    const bool bad = result->status == TestStatus::failed || result->status == TestStatus::error;
    status.failed += bad && !test.report ? 1 : 0;
  }
}

void fill_tags(const ImageFolder& folder, const ImageRecord& record, ImageStatus& status) {
  if (!std::filesystem::exists(folder.inspection())) return;
  try {
    const Json inspection = read_json(folder.inspection());
    if (string_or(inspection, "config_digest", "") != record.config_digest) return;
    status.tags = strings_or_empty(inspection, "tags");
  } catch (const std::exception&) {
    // Damaged: the next inspection makes it again.
  }
}

ImageStatus status_of(StackView& stack, const ImageView& view) {
  const EngineImages& engine = stack.engine_of(view);
  ImageStatus status;
  status.target = view.image.target;
  status.platform = view.image.platform.to_string();
  status.state = view.state;
  status.problem = view.key.error;
  status.set_again = view.set_again;
  for (const SupersededImage& old : superseded_images(view.folder)) {
    if (!engine.has(old.engine_id)) continue;
    ++status.superseded;
    status.superseded_size += old.size;
  }
  if (view.record) {
    status.built = view.record->created;
    status.size = view.record->size;
    fill_tags(view.folder, *view.record, status);
    fill_tests(TestKeys(stack, view), view.folder, *view.record, status);
  }
  return status;
}

std::string tests_text(const ImageStatus& image) {
  if (image.tests == 0) return "-";
  std::string text = fmt::format("{}/{} passed", image.passed, image.tests);
  if (image.failed > 0) text += fmt::format(", {} failed", image.failed);
  return text;
}

std::string first_of(const std::vector<std::string>& words) {
  constexpr std::size_t kShown = 3;
  if (words.empty()) return "-";
  const std::size_t shown = std::min(kShown, words.size());
  std::string text = join({words.begin(), words.begin() + static_cast<long>(shown)}, " ");
  if (words.size() > shown) text += fmt::format(" +{}", words.size() - shown);
  return text;
}

std::uint64_t size_in(const EngineImages& engine, const UndeclaredImage& image) {
  std::uint64_t size = 0;
  if (image.record && engine.has(image.record->engine_id)) size += image.record->size;
  for (const SupersededImage& old : image.superseded) {
    if (engine.has(old.engine_id)) size += old.size;
  }
  return size;
}

UndeclaredStatus status_of(Engines& engines, const UndeclaredImage& image) {
  UndeclaredStatus status{image.name(), image.folder.path, {}, {}};
  if (!image.unreadable.empty()) {
    status.problem = "its record cannot be read: " + image.unreadable;
  } else if (!image.holds_images()) {
    status.size = 0;
  } else if (image.engine_file.empty()) {
    status.problem = "this build folder does not use the engine it is of";
  } else {
    const EngineImages& engine = engines.at(image.engine_file);
    status.problem = engine.error();
    if (engine.reachable()) status.size = size_in(engine, image);
  }
  return status;
}

/// What they hold: of all together, or why that is not known of some.
std::string size_text(const std::vector<UndeclaredStatus>& images) {
  std::uint64_t size = 0;
  std::size_t unknown = 0;
  for (const UndeclaredStatus& image : images) {
    size += image.size.value_or(0);
    unknown += image.size ? 0 : 1;
  }
  if (unknown == images.size()) return "of unknown size";
  const std::string known = format_bytes(size) + " in the engine";
  return unknown == 0 ? known : known + fmt::format(", {} of unknown size", unknown);
}

}  // namespace

std::vector<ImageStatus> stack_status(const std::filesystem::path& stack_file,
                                      const engine::Opener& open) {
  StackView view(stack_file, open);
  std::vector<ImageStatus> all;
  for (const ImageView& image : view.images())
    all.push_back(status_of(view, image));
  return all;
}

std::vector<UndeclaredStatus> undeclared_status(const std::filesystem::path& stack_file,
                                                const engine::Opener& open) {
  Engines engines(open);
  std::vector<UndeclaredStatus> all;
  for (const UndeclaredImage& image : tree_images(stack_file).undeclared)
    all.push_back(status_of(engines, image));
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.folder < b.folder; });
  return all;
}

std::string format_table(const std::vector<ImageStatus>& images) {
  using Row = std::array<std::string, 6>;
  std::vector<Row> rows{{"IMAGE", "PLATFORM", "STATE", "SIZE", "TESTS", "TAGS"}};
  for (const ImageStatus& image : images) {
    rows.push_back({image.target, image.platform, to_string(image.state),
                    image.built.empty() ? "-" : format_bytes(image.size), tests_text(image),
                    first_of(image.tags)});
  }
  std::array<std::size_t, 6> widths{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], row[i].size());
  }
  std::string table;
  for (const Row& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      table += fmt::format("{:<{}}  ", row[i], widths[i]);
    }
    table += row.back() + "\n";
  }
  for (const ImageStatus& image : images) {
    if (!image.problem.empty()) table += fmt::format("{}: {}\n", image.target, image.problem);
    for (const std::string& name : image.set_again) {
      table += fmt::format("{}: '{}' named another image or none: set again\n", image.target, name);
    }
    if (image.superseded > 0) {
      table += fmt::format("{}: {} kept, {}: cairn clean --superseded\n", image.target,
                           image.superseded == 1
                               ? "1 superseded image is"
                               : fmt::format("{} superseded images are", image.superseded),
                           format_bytes(image.superseded_size));
    }
  }
  return table;
}

std::string format_undeclared(const std::vector<UndeclaredStatus>& images,
                              const std::string& way_out) {
  if (images.empty()) return {};
  std::vector<std::string> names;
  std::map<std::string, std::vector<std::string>> problems;
  bool any_can_go = false;
  for (const UndeclaredStatus& image : images) {
    names.push_back(image.name);
    any_can_go = any_can_go || image.size;
    if (!image.problem.empty()) problems[image.problem].push_back(image.name);
  }
  std::string text =
      fmt::format("not declared any more, but with records here: {}; {}{}\n", first_of(names),
                  size_text(images), any_can_go ? ": " + way_out : "");
  for (const auto& [problem, whose] : problems)
    text += fmt::format("{}: {}\n", first_of(whose), problem);
  return text;
}

Json to_json(const std::string& stack, const std::vector<ImageStatus>& images,
             const std::vector<UndeclaredStatus>& undeclared) {
  Json list = Json::array();
  for (const ImageStatus& image : images) {
    list.push_back({{"target", image.target},
                    {"platform", image.platform},
                    {"state", to_string(image.state)},
                    {"problem", image.problem},
                    {"built", image.built},
                    {"size", image.size},
                    {"tags", image.tags},
                    {"tests", image.tests},
                    {"passed", image.passed},
                    {"failed", image.failed},
                    {"superseded", image.superseded},
                    {"superseded_size", image.superseded_size},
                    {"set_again", image.set_again}});
  }
  Json others = Json::array();
  for (const UndeclaredStatus& image : undeclared) {
    others.push_back({{"name", image.name},
                      {"folder", image.folder.string()},
                      {"size", image.size ? Json(*image.size) : Json()},
                      {"problem", image.problem}});
  }
  return {{"schema", "cairn/status/1"}, {"stack", stack}, {"images", list}, {"undeclared", others}};
}

}  // namespace cairn::stack
