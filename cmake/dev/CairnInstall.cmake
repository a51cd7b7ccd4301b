# Installs the tool, the modules and the package files, so that find_package(Cairn) works for
# any project, LANGUAGES NONE included.
include_guard(GLOBAL)

# What embeds Cairn installs itself alone: docker_image_install would put Cairn into its images.
option(CAIRN_INSTALL "Install Cairn together with the project." ${PROJECT_IS_TOP_LEVEL})
if(NOT CAIRN_INSTALL)
  return()
endif()

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(CAIRN_PACKAGE_DIR "${CMAKE_INSTALL_DATADIR}/cmake/Cairn")
install(
  TARGETS cairn_tool
  EXPORT CairnTargets
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT cairn
)
install(TARGETS cairn_remote_tool RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT cairn)
install(EXPORT CairnTargets NAMESPACE cairn:: DESTINATION "${CAIRN_PACKAGE_DIR}" COMPONENT cairn)
install(
  FILES "${PROJECT_SOURCE_DIR}/cmake/Cairn.cmake"
  DESTINATION "${CAIRN_PACKAGE_DIR}"
  COMPONENT cairn
)
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/cmake/cairn"
  DESTINATION "${CAIRN_PACKAGE_DIR}"
  COMPONENT cairn
)
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/CairnConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/CairnConfig.cmake"
  INSTALL_DESTINATION "${CAIRN_PACKAGE_DIR}"
)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/CairnConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion
  ARCH_INDEPENDENT
)
install(
  FILES "${PROJECT_BINARY_DIR}/CairnConfig.cmake" "${PROJECT_BINARY_DIR}/CairnConfigVersion.cmake"
  DESTINATION "${CAIRN_PACKAGE_DIR}"
  COMPONENT cairn
)
