// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/directives.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace cairn::dockerfile {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

struct PhysicalLine {
  std::string_view text;  // without its end
  std::size_t offset = 0;
};

// The physical lines of a text, one after the other.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {
    if (text_.starts_with(kByteOrderMark)) {
      position_ = kByteOrderMark.size();
    }
  }

  std::optional<PhysicalLine> next() {
    if (position_ >= text_.size()) {
      return std::nullopt;
    }
    const std::size_t start = position_;
    const std::size_t end = std::min(text_.find('\n', start), text_.size());
    position_ = end + 1;
    std::string_view line = text_.substr(start, end - start);
    while (!line.empty() && line.back() == '\r') {
      line.remove_suffix(1);
    }
    return PhysicalLine{line, start};
  }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

void skip_blanks(std::string_view& text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
}

// `# key = value`, as BuildKit's regular expression `^([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$`
// after the '#' reads it.
std::optional<Directive> parse_directive(std::string_view line) {
  if (!line.starts_with('#')) {
    return std::nullopt;
  }
  line.remove_prefix(1);
  skip_blanks(line);
  std::size_t end = 0;
  while (end < line.size() && (is_letter(line[end]) || (end > 0 && is_digit(line[end])))) {
    ++end;
  }
  Directive result{to_lower(line.substr(0, end)), {}, 0};
  line.remove_prefix(end);
  skip_blanks(line);
  if (result.key.empty() || !line.starts_with('=')) {
    return std::nullopt;
  }
  line.remove_prefix(1);
  result.value = trim(line);
  const bool known = result.key == "syntax" || result.key == "escape" || result.key == "check";
  if (!known || result.value.empty()) {
    return std::nullopt;
  }
  return result;
}

void note_syntax(Directives& found, const Directive& directive) {
  found.syntax = directive.value.substr(0, directive.value.find(' '));
  found.syntax_line = directive.line;
}

// BuildKit looks for `# syntax=` with a reader of its own, which skips a `#!` line; all other
// directives end there.
void read_syntax_after_shebang(std::string_view text, Directives& found) {
  Lines lines(text);
  int number = 0;
  lines.next();
  while (const auto line = lines.next()) {
    ++number;
    std::optional<Directive> directive = parse_directive(line->text);
    if (!directive) {
      return;
    }
    if (directive->key == "syntax") {
      directive->line = number;
      note_syntax(found, *directive);
      return;
    }
  }
}

void take(const Source& source, const PhysicalLine& line, Directives& found,
          const Directive& directive) {
  for (const Directive& earlier : found.lines) {
    if (earlier.key == directive.key) {
      source.fail(line.offset, "directive '" + directive.key + "' is given twice");
    }
  }
  if (directive.key == "escape") {
    if (directive.value != "`" && directive.value != "\\") {
      source.fail(line.offset,
                  "invalid escape character '" + directive.value + "': expected '\\' or '`'");
    }
    found.escape = directive.value.front();
  }
  // With a blank before '#' it counts as a directive, but nobody finds the front end in it.
  if (directive.key == "syntax" && line.text.starts_with('#')) {
    note_syntax(found, directive);
  }
  found.lines.push_back(directive);
}

}  // namespace

Directives read_directives(const Source& source) {
  Directives found;
  Lines lines(source.text());
  int number = 0;
  while (const auto line = lines.next()) {
    if (number == 0 && line->text.starts_with("#!")) {
      read_syntax_after_shebang(source.text(), found);
      return found;
    }
    std::string_view text = line->text;
    while (const std::size_t length = space_length(text, 0)) {
      text.remove_prefix(length);
    }
    std::optional<Directive> directive = parse_directive(text);
    if (!directive) {
      return found;
    }
    directive->line = number++;
    take(source, *line, found, *directive);
  }
  return found;
}

}  // namespace cairn::dockerfile
