// SPDX-License-Identifier: BSD-3-Clause
// fmt's own functions, as part of the tool. Debian has fmt only as a shared library, which brings
// the shared libstdc++ with it: together they took longer to load than a small scan takes. This
// file alone is compiled with -fkeep-inline-functions, so that the linker finds all of fmt here and
// --as-needed leaves the libraries out.
#define FMT_HEADER_ONLY 1
#include <fmt/format.h>
