list(APPEND options -DPYTHON_VERSION=3.12 -DROOT_IMAGE= "-DNB_USER=some\\;[body")
