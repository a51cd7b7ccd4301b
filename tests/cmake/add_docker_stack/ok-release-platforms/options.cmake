list(APPEND options "-DCAIRN_RELEASE_PLATFORMS=linux/amd64\\;linux/arm/v7")
