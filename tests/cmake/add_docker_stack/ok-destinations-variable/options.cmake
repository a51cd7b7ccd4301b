list(APPEND options "-DCAIRN_DESTINATIONS=127.0.0.1:5000\\;oci:/releases")
