file(READ "${ROOT}/answer" answer)
set(front registry.example/team/base)
expect_equal(
  "the references"
  "${answer}"
  "${front}:latest ${front}:debug-latest ${front}:s390x-latest"
)
