list(
  APPEND options
  -DPYTHON_VERSION=3.12
  "-DCAIRN_PLATFORMS=linux/amd64\\;linux/arm64"
  -DCAIRN_EMULATE=ON
)
