# cmake -D TARGET=… -D ARCHITECTURE=… -D SUITE=… -D VARIANT=… -D INCLUDE=a,b -D KEYRING=… -D
# SOURCES=<line>|<line> -D FOLDER=… [-D CA_BUNDLE=…] -P make_rootfs.cmake: bootstraps Debian into
# FOLDER/rootfs.tar, with a recipe beside it. Times newer than one fixed date are set to it; caches,
# logs and what would be copied from this machine are left out: the same packages give the same
# bytes.
cmake_minimum_required(VERSION 3.25)

find_program(program NAMES mmdebstrap NO_CACHE)
if(NOT program)
  message(
    FATAL_ERROR
    "  'mmdebstrap' is not installed; '${TARGET}' is bootstrapped by it.\n    Install it: apt-get install mmdebstrap\n    or take an image: -DCAIRN_ROOT_IMAGE=<reference>"
  )
endif()

set(options "--variant=${VARIANT}" "--architectures=${ARCHITECTURE}" --quiet)
if(NOT "${INCLUDE}" STREQUAL "")
  list(APPEND options "--include=${INCLUDE}")
endif()
set(debian_keyring /usr/share/keyrings/debian-archive-keyring.gpg)
if("${KEYRING}" STREQUAL "" AND EXISTS "${debian_keyring}")
  set(KEYRING "${debian_keyring}")
endif()
if(NOT "${KEYRING}" STREQUAL "")
  list(APPEND options "--keyring=${KEYRING}")
endif()
if(DEFINED CA_BUNDLE)
  list(APPEND options "--aptopt=Acquire::https::CAInfo \"${CA_BUNDLE}\"")
  list(APPEND options "--customize-hook=rm -f \"$1/etc/apt/apt.conf.d/99mmdebstrap\"")
endif()
# The first two are copied from this machine; the cache holds times of its files.
foreach(path IN ITEMS etc/resolv.conf etc/hostname var/cache/ldconfig/aux-cache)
  list(APPEND options "--customize-hook=rm -f \"$1/${path}\"")
endforeach()
list(APPEND options "--customize-hook=find \"$1/var/log\" -type f -delete")
string(REPLACE "|" ";" sources "${SOURCES}")

file(MAKE_DIRECTORY "${FOLDER}")
set(new "${FOLDER}/new.tar")
file(REMOVE "${new}")
execute_process(
  COMMAND
    "${CMAKE_COMMAND}" -E env SOURCE_DATE_EPOCH=1577836800 LC_ALL=C.UTF-8 "${program}" ${options}
    "${SUITE}" "${new}" ${sources}
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output
)
if(NOT status EQUAL 0)
  file(REMOVE "${new}")
  message(
    FATAL_ERROR
    "${output}\n  mmdebstrap could not bootstrap '${TARGET}' for ${ARCHITECTURE}."
  )
endif()
file(WRITE "${FOLDER}/Dockerfile" "FROM scratch\nADD rootfs.tar /\n")
file(RENAME "${new}" "${FOLDER}/rootfs.tar")
