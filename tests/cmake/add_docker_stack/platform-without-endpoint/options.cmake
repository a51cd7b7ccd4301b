list(APPEND options -DCAIRN_PLATFORMS=linux/s390x)
