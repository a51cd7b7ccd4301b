list(APPEND options -DCAIRN_RECORDS_FROM=/nowhere/x86_64)
