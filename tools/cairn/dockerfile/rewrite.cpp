// SPDX-License-Identifier: BSD-3-Clause
#include "dockerfile/directives.hpp"
#include "dockerfile/stages.hpp"

#include <algorithm>

namespace cairn::dockerfile {
namespace {

struct Edit {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string text;
};

std::string newlines_of(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool carriage = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || carriage) {
      result += text[i];
    }
  }
  return result;
}

// A reference spread over lines keeps them as empty continuations in front of the new text, and
// its quotes behind it: in `--mount='type=bind,from=al'pine` one ends what began further left.
Edit bind(const Dockerfile& file, const Binding& binding) {
  const Span& span = binding.span;
  const std::string_view old = std::string_view(file.text).substr(span.offset, span.length);
  Edit edit{span.offset, span.length, {}};
  for (const char byte : newlines_of(old)) {
    if (byte == '\n' && !edit.text.ends_with('\r')) {
      edit.text += file.escape;
    }
    if (byte == '\r') {
      edit.text += file.escape;
    }
    edit.text += byte;
  }
  edit.text += binding.replacement;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (old[i] == '\'' || old[i] == '"') edit.text += old[i];
    if (old[i] == '\\' || old[i] == file.escape) ++i;  // what is escaped ends nothing
  }
  return edit;
}

std::size_t end_of(const Span& span) {
  return span.offset + span.length;
}

Edit blank(const Dockerfile& file, const Stage& stage) {
  const std::size_t begin = stage.from.span.offset;
  const std::size_t end =
      end_of(stage.instructions.empty() ? stage.from.span : stage.instructions.back().span);
  return {begin, end - begin, newlines_of(std::string_view(file.text).substr(begin, end - begin))};
}

std::size_t line_start(std::string_view text, int line) {
  std::size_t start = text.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  for (int i = 0; i < line; ++i) {
    start = text.find('\n', start) + 1;
  }
  return start;
}

// Directives must stand first and without a gap: those behind `# syntax=` move up by one line.
Edit drop_syntax_line(const Dockerfile& file, const Directives& directives) {
  const std::string_view text = file.text;
  int last = directives.syntax_line;
  for (const Directive& directive : directives.lines) {
    last = std::max(last, directive.line);
  }
  const std::size_t begin = line_start(text, directives.syntax_line);
  const std::size_t next = std::min(text.find('\n', begin), text.size());
  const std::size_t end = std::min(text.find('\n', line_start(text, last)), text.size());
  std::string moved;
  if (end > next) {
    moved = text.substr(next + 1, end - next - 1);
    moved += '\n';
  } else if (next > begin && text[next - 1] == '\r') {
    moved = "\r";
  }
  return {begin, end - begin, moved};
}

bool is_in(const std::vector<int>& needed, int index) {
  return std::find(needed.begin(), needed.end(), index) != needed.end();
}

// Where stages are blanked, the numbers of those behind them are others.
void renumber(const Dockerfile& file, const std::vector<int>& needed, std::vector<Edit>& edits) {
  const Source source(file.text, file.path);
  for (const int index : needed) {
    for (const StageReference& reference : flag_references(source, file, index)) {
      const std::string& written = reference.use.written;
      const bool by_number =
          reference.stage && std::all_of(written.begin(), written.end(), is_digit);
      if (by_number) {
        const auto place = std::find(needed.begin(), needed.end(), *reference.stage);
        edits.push_back(bind(file, {reference.use.span, std::to_string(place - needed.begin())}));
      }
    }
  }
}

}  // namespace

std::string rewrite(const Dockerfile& file, const std::vector<Binding>& bound,
                    const std::vector<int>& needed, bool blank_unneeded, bool drop_syntax) {
  std::vector<Edit> edits;
  for (const Stage& stage : file.stages) {
    if (blank_unneeded && !is_in(needed, stage.index)) {
      edits.push_back(blank(file, stage));
    }
  }
  const auto is_blanked = [&edits](const Binding& binding) {
    return std::any_of(edits.begin(), edits.end(), [&binding](const Edit& edit) {
      return binding.span.offset >= edit.offset && binding.span.offset < edit.offset + edit.length;
    });
  };
  std::vector<Edit> bindings;
  for (const Binding& binding : bound) {
    if (!is_blanked(binding)) {
      bindings.push_back(bind(file, binding));
    }
  }
  edits.insert(edits.end(), bindings.begin(), bindings.end());
  if (blank_unneeded) {
    renumber(file, needed, edits);
  }
  const Directives directives = read_directives(Source(file.text, file.path));
  if (drop_syntax && directives.syntax_line >= 0) {
    edits.push_back(drop_syntax_line(file, directives));
  }
  std::sort(edits.begin(), edits.end(),
            [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
  std::string result;
  std::size_t position = 0;
  for (const Edit& edit : edits) {
    if (edit.offset < position) {
      continue;  // two bindings of one place
    }
    result.append(file.text, position, edit.offset - position);
    result += edit.text;
    position = edit.offset + edit.length;
  }
  return result.append(file.text, position);
}

}  // namespace cairn::dockerfile
