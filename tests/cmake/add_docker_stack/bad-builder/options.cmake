list(APPEND options -DCAIRN_DOCKER_BUILDER=kaniko)
