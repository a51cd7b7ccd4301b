list(APPEND options "-DCAIRN_REGISTRY_CA_BUNDLE=${CMAKE_CURRENT_LIST_FILE}")
list(APPEND options "-DCAIRN_PLAIN_HTTP=registry.example:5000\\;other.example")
