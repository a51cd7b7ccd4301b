list(APPEND options -DCAIRN_ENGINE_FILE=/nowhere/engine.json)
