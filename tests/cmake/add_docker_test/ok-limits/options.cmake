list(APPEND options "-DCAIRN_PLATFORMS=linux/amd64\\;linux/arm64" -DCAIRN_EMULATE=ON)
