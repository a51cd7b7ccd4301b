list(APPEND options -DCAIRN_ENGINE=dokcer)
