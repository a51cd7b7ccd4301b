# The targets `lint` (says what is wrong) and `format` (mends what a formatter can). Both run the
# script that CI runs; it keeps its pinned formatters in the build folder.
include_guard(GLOBAL)

set(
  CAIRN_LINT_COMMAND
  "${CMAKE_COMMAND}"
  -E
  env
  "CAIRN_LINT_VENV=${PROJECT_BINARY_DIR}/lint-venv"
  "${PROJECT_SOURCE_DIR}/.ci/lint"
)

add_custom_target(
  lint
  COMMAND ${CAIRN_LINT_COMMAND} check "${PROJECT_BINARY_DIR}"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "Checking form and style"
  USES_TERMINAL
  VERBATIM
)
add_custom_target(
  format
  COMMAND ${CAIRN_LINT_COMMAND} fix "${PROJECT_BINARY_DIR}"
  WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
  COMMENT "Formatting"
  USES_TERMINAL
  VERBATIM
)
