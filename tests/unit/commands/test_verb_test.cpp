// SPDX-License-Identifier: BSD-3-Clause
#include "../../support/built_image.hpp"
#include "base/file.hpp"
#include "run_verb.hpp"

#include <gmock/gmock.h>

namespace cairn::commands {
namespace {

TEST(TestVerb, SaysWhichInputMoved) {
  testing::BuiltImage app;
  const std::string helper = app.root() / "helper";
  write_file(helper, "a");
  app.describe_tests(
      {{{"name", "t"}, {"kind", "command"}, {"command", {"true"}}, {"inputs", {helper}}}});
  app.world->on_run = [&](const engine::RunRequest&) {
    write_file(helper, "b");
    return engine::RunResult{};
  };
  Context context;
  context.open_engine = [&](const engine::Endpoint&) { return app.open(); };
  const Answer answer = run_verb({"test", app.folder().path}, context);
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out, "passed  app: t (0.0 s)\n  '" + helper +
                            "' changed while it ran: it answers for nothing, and runs again\n");
  EXPECT_EQ(run_verb({"test", app.folder().path}, context).out, "passed  app: t (0.0 s)\n");
}

}  // namespace
}  // namespace cairn::commands
