# Makes find_package(Cairn) of a case take this project's sources, as FetchContent does for a user.
include(FetchContent)
FetchContent_Declare(Cairn SOURCE_DIR "${CAIRN_FETCHED}" OVERRIDE_FIND_PACKAGE)
