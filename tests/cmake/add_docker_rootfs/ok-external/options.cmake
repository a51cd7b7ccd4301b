list(APPEND options -DCAIRN_ROOT_IMAGE=registry.example/debian:13)
