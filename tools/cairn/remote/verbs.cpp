// SPDX-License-Identifier: BSD-3-Clause
#include "remote/verbs.hpp"

namespace cairn::remote {

const std::vector<commands::Verb>& verbs() {
  static const std::vector<commands::Verb> all{copy_verb(),    doctor_verb(), export_verb(),
                                               import_verb(),  lock_verb(),   push_verb(),
                                               release_verb(), store_verb()};
  return all;
}

}  // namespace cairn::remote
