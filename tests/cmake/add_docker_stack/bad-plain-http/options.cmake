list(APPEND options -DCAIRN_PLAIN_HTTP=http://registry.example:5000)
