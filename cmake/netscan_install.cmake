# Installs the library with its headers, so that find_package(netscan) works, and the command.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/netscan")

install(TARGETS netscan EXPORT netscan_targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/netscan" "${NETSCAN_GENERATED_INCLUDE_DIR}/netscan"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" FILES_MATCHING PATTERN "*.hpp")
install(EXPORT netscan_targets NAMESPACE netscan:: FILE netscan-targets.cmake
        DESTINATION "${package_dir}")

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/netscan-config.cmake.in"
                              "${PROJECT_BINARY_DIR}/netscan-config.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/netscan-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/netscan-config.cmake"
              "${PROJECT_BINARY_DIR}/netscan-config-version.cmake" DESTINATION "${package_dir}")

if(NETSCAN_BUILD_TOOLS)
  install(TARGETS netscan_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
