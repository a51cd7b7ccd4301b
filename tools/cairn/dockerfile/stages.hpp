// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dockerfile/dockerfile.hpp"
#include "dockerfile/source.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::dockerfile {

using Variables = std::map<std::string, std::string>;

/// One place of a stage that names another stage, an image or `scratch`.
struct StageReference {
  ImageUse use;
  std::optional<int> stage;  ///< it is this stage of the file
  bool is_scratch = false;
  int instruction = -1;  ///< index in Stage::instructions; -1 for FROM
  std::size_t flag = 0;  ///< index in Instruction::flags
};

/// All references of stage `index`, in source order. `variables` are those of FROM lines. Throws
/// UserError for a stage number that does not exist; an empty name is the caller's to judge.
std::vector<StageReference> stage_references(const Source& source, const Dockerfile& file,
                                             int index, const Variables& variables);

/// Those of COPY --from and RUN --mount only: they take no variables.
std::vector<StageReference> flag_references(const Source& source, const Dockerfile& file,
                                            int index);

/// Fills base_stage, used_stages and platform of every stage. Throws UserError when stages need
/// each other in a circle.
void resolve_stages(const Source& source, Dockerfile& file, const Variables& arguments);

}  // namespace cairn::dockerfile
