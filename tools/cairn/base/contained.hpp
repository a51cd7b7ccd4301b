// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sys/types.h>

namespace cairn {

/// Kills the processes below `ancestor` that live in a root file system of their own, as those of
/// containers do: by SIGKILL, since the first one of a container hears no other signal. Whether
/// there were any.
bool kill_contained(pid_t ancestor);

}  // namespace cairn
