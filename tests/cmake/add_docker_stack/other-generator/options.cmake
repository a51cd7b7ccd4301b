set(generator "Unix Makefiles")
list(APPEND options -DCMAKE_MAKE_PROGRAM=make)
