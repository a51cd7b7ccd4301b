// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::dockerfile {

/// A piece of the source text, so that messages can point at it and rewriting can replace it.
struct Span {
  std::size_t offset = 0;  ///< bytes from the start of the text
  std::size_t length = 0;
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1, in bytes
};

struct Flag {
  std::string name;   ///< `from`, without the dashes
  std::string value;  ///< as written, quotes removed
  Span span;          ///< of the value
};

struct Heredoc {
  std::string name;
  std::string content;  ///< raw, with the tabs that `<<-` takes off
  bool expand = true;   ///< the word was not quoted
};

struct Instruction {
  std::string keyword;  ///< upper case
  std::vector<Flag> flags;
  std::string text;                ///< the rest, continuations joined, comments dropped
  std::vector<std::string> words;  ///< JSON array items, or `text` split as the instruction does
  bool json_form = false;
  std::vector<Heredoc> heredocs;
  Span span;      ///< of the whole instruction, all its lines
  Span argument;  ///< of the first word after keyword and flags
};

/// Where an image is named: `FROM x`, `COPY --from=x`, `RUN --mount=from=x`.
struct ImageUse {
  enum class Kind { from, copy_from, mount_from };
  Kind kind = Kind::from;
  std::string written;   ///< `$BASE_IMAGE`
  std::string resolved;  ///< `quay.io/jupyter/base-notebook`, variables expanded
  Span span;             ///< what rewriting replaces
};

struct Stage {
  std::string name;  ///< lower case; empty when it has none
  int index = 0;
  Instruction from;
  std::string platform;                   ///< value of --platform, expanded; empty when none
  std::optional<int> base_stage;          ///< FROM names an earlier stage
  std::vector<Instruction> instructions;  ///< without FROM
  std::vector<int> used_stages;           ///< base_stage and those of COPY --from and mounts
};

struct Dockerfile {
  std::string path;  ///< for messages
  std::string text;  ///< as read
  char escape = '\\';
  std::string syntax;                  ///< value of `# syntax=`; empty when none
  std::vector<Instruction> meta_args;  ///< ARG before the first FROM
  std::vector<Stage> stages;
};

/// Reads a whole recipe as BuildKit does. Throws UserError, whole text under test:
///   images/x/Dockerfile:6:1: unknown instruction 'RUM'; did you mean 'RUN'?
///   RUM apt-get update
///   ^
/// `arguments` (build arguments with platform_arguments) decide which stage a `FROM $X` names, so
/// pass the same ones as to image_uses. Instructions and flags are those of BuildKit's front end.
Dockerfile parse(std::string_view text, const std::string& path,
                 const std::map<std::string, std::string>& arguments = {});

/// The stages that `target` (a name, a number, or empty for the last) needs, in order.
/// Throws UserError for a target that does not exist.
std::vector<int> needed_stages(const Dockerfile& file, const std::string& target);

/// What the platform arguments say: TARGETPLATFORM, BUILDPLATFORM, TARGETARCH, …
std::map<std::string, std::string> platform_arguments(const std::string& target_platform,
                                                      const std::string& build_platform);

/// Every external image or family member that the stages `needed` name (stages of the file
/// itself and `scratch` are not among them), in source order. `arguments` are build arguments
/// with platform_arguments. Throws UserError when a variable leaves an empty name.
std::vector<ImageUse> image_uses(const Dockerfile& file, const std::vector<int>& needed,
                                 const std::map<std::string, std::string>& arguments);

/// Names declared by ARG in the stages `needed` or before the first FROM.
std::vector<std::string> declared_arguments(const Dockerfile& file, const std::vector<int>& needed);

/// The recipe with the references at `bound` (span -> new text) replaced. Lines keep their
/// numbers. Stages not in `needed` are blanked when `blank_unneeded`; the `# syntax=` directive is
/// blanked when `drop_syntax`.
struct Binding {
  Span span;
  std::string replacement;
};
std::string rewrite(const Dockerfile& file, const std::vector<Binding>& bound,
                    const std::vector<int>& needed, bool blank_unneeded, bool drop_syntax);

/// The N of the first docker/dockerfile:1.N that knows all that the stages `needed` use: what a
/// `# syntax=` line is there for, and what older built-in front ends refuse.
int front_end_needed(const Dockerfile& file, const std::vector<int>& needed);

/// The front end of the oldest BuildKit that Cairn knows (docker 20.10's). A recipe that needs no
/// later one is built without its `# syntax=` line on every engine.
inline constexpr int kOldestFrontEnd = 2;

/// What of the recipe goes into the key, as canonical text: the instructions of the needed stages
/// with flags and heredocs, no comments, blank lines or line breaks. References to stages are
/// their numbers among the needed ones, image references stay as written: the caller adds what
/// image_uses resolved. So it does with build arguments, the name of the target, and a kept
/// `# syntax=`. Format: first line `cairn-recipe 1`; fields are `<bytes>:<text>`, so that none runs
/// into the next; key.cpp has the grammar. In pieces: the head (format, escape, global ARGs that
/// are used), then each needed stage.
struct RecipePart {
  std::string
      name;  ///< for people: empty for the head; the stage's, or its number among the needed
  std::string text;
};
std::vector<RecipePart> recipe_parts(const Dockerfile& file, const std::vector<int>& needed);

}  // namespace cairn::dockerfile
