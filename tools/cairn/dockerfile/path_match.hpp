// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace cairn::dockerfile {

/// The wildcards of COPY and ADD sources, as Go's filepath.Match reads them: `*` and `?` stay
/// within a path part (`**` is `*`), `[a-z]` and `[^a-z]` are classes, '\' escapes.
bool has_wildcards(std::string_view path);

/// Whether all of `name` fits `pattern`; a bad pattern fits nothing.
bool path_matches(std::string_view pattern, std::string_view name);

}  // namespace cairn::dockerfile
