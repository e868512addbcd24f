# Installs the library with its headers, so that find_package(netscan) and pkg-config find it, and the
# command with its manual pages and completion scripts. Two components, which are the packages:
# `netscan` is what is needed to run, `dev` what is needed to build against the library.

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/netscan")

install(TARGETS netscan EXPORT netscan_targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT dev
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT netscan NAMELINK_COMPONENT dev
        RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT netscan)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/netscan" "${NETSCAN_GENERATED_INCLUDE_DIR}/netscan"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT dev FILES_MATCHING PATTERN "*.hpp")
install(EXPORT netscan_targets NAMESPACE netscan:: FILE netscan-targets.cmake
        DESTINATION "${package_dir}" COMPONENT dev)

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/netscan-config.cmake.in"
                              "${PROJECT_BINARY_DIR}/netscan-config.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/netscan-config-version.cmake"
                                 COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/netscan-config.cmake"
              "${PROJECT_BINARY_DIR}/netscan-config-version.cmake"
        DESTINATION "${package_dir}" COMPONENT dev)

# What the headers need is always required; the rest only by who links the static library, and then
# also without pkg-config's --static, for there is no other library to link.
set(public_requires "absl_statusor absl_int128 fmt")
set(private_requires "absl_strings yaml-cpp openssl expat")
set(private_libraries "-lboost_json -lboost_url -pthread")
get_target_property(library_type netscan TYPE)
if(library_type STREQUAL "SHARED_LIBRARY")
  set(pc_requires "Requires: ${public_requires}\nRequires.private: ${private_requires}")
  set(pc_libs "Libs: -L\${libdir} -lnetscan\nLibs.private: ${private_libraries}")
else()
  set(pc_requires "Requires: ${public_requires} ${private_requires}")
  set(pc_libs "Libs: -L\${libdir} -lnetscan ${private_libraries}")
endif()
file(RELATIVE_PATH pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/netscan.pc.in" "${PROJECT_BINARY_DIR}/netscan.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/netscan.pc"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig" COMPONENT dev)

if(NETSCAN_BUILD_TOOLS)
  if(library_type STREQUAL "SHARED_LIBRARY")
    # The command finds the library at any prefix.
    file(RELATIVE_PATH bin_to_lib "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
    set_target_properties(netscan_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${bin_to_lib}")
  endif()
  install(TARGETS netscan_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT netscan)
endif()
if(NETSCAN_DOCUMENTS_DIR)
  install(DIRECTORY "${NETSCAN_DOCUMENTS_DIR}/man1" DESTINATION "${CMAKE_INSTALL_MANDIR}"
          COMPONENT netscan)
  install(FILES "${NETSCAN_DOCUMENTS_DIR}/bash/netscan"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT netscan)
  install(FILES "${NETSCAN_DOCUMENTS_DIR}/fish/netscan.fish"
          DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT netscan)
  # Debian's zsh looks for what packages bring in a folder of its own; the prefix is known by now.
  install(CODE "set(zsh_script \"${NETSCAN_DOCUMENTS_DIR}/zsh/_netscan\")
set(zsh_folder \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}/zsh\")" COMPONENT netscan)
  install(CODE [[
    set(zsh_functions "site-functions")
    if(CMAKE_INSTALL_PREFIX MATCHES "/usr$" AND EXISTS "/etc/debian_version")
      set(zsh_functions "vendor-completions")
    endif()
    file(INSTALL "${zsh_script}" DESTINATION "${zsh_folder}/${zsh_functions}")]] COMPONENT netscan)
endif()
