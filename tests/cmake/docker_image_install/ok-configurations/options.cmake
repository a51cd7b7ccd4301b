if(generator STREQUAL "Ninja")
  list(APPEND options -DCMAKE_BUILD_TYPE=Release)
endif()
