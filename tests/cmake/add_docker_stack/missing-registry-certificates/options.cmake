list(APPEND options -DCAIRN_REGISTRY_CA_BUNDLE=/nowhere/ca.pem)
