list(APPEND options -DCAIRN_DESTINATIONS=quay.io/Jupyter)
