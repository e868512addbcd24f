# Debian packages, made by `cpack` in the build folder: `netscan`, and `libnetscan-dev` to build with
# the library. The version is the project's.

set(NETSCAN_MAINTAINER "The netscan authors <maintainers@users.noreply.r-seed-cb3d86a6.example>"
    CACHE STRING "Who maintains the Debian packages: NAME <ADDRESS>")

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The netscan authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "connect scanner that explains its verdicts")
set(CPACK_PACKAGE_CONTACT "${NETSCAN_MAINTAINER}")
set(CPACK_PACKAGE_VERSION "${PROJECT_VERSION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL netscan dev)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_NETSCAN_PACKAGE_NAME netscan)
set(CPACK_DEBIAN_NETSCAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_NETSCAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${PROJECT_BINARY_DIR}/src")
set(CPACK_COMPONENT_NETSCAN_DESCRIPTION
    "Finds out what is reachable on a network over TCP, says why the rest is
not, with the evidence, and turns the answer into a working MetalLB
configuration. Needs no root.")

set(CPACK_DEBIAN_DEV_PACKAGE_NAME libnetscan-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(boost "${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}")
set(dev_depends libboost${boost}-dev libboost-json${boost}-dev libboost-url${boost}-dev libabsl-dev
    libfmt-dev libssl-dev libyaml-cpp-dev libexpat1-dev)
if(library_type STREQUAL "SHARED_LIBRARY")
  list(PREPEND dev_depends "netscan (= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
endif()
list(JOIN dev_depends ", " CPACK_DEBIAN_DEV_PACKAGE_DEPENDS)
set(CPACK_COMPONENT_DEV_DESCRIPTION
    "Headers, library, CMake package and pkg-config file of netscan, a C++20
library that scans with Boost.Asio, compares what several places see, and
writes MetalLB's configuration.")

# What Debian wants in each package's folder of documents.
string(TIMESTAMP debian_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file("${PROJECT_SOURCE_DIR}/cmake/changelog.Debian.in"
               "${PROJECT_BINARY_DIR}/package/changelog.Debian" @ONLY)
configure_file("${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${PROJECT_BINARY_DIR}/package/changelog" COPYONLY)
find_program(NETSCAN_GZIP gzip REQUIRED)
execute_process(COMMAND "${NETSCAN_GZIP}" -9nf changelog.Debian changelog
                WORKING_DIRECTORY "${PROJECT_BINARY_DIR}/package" COMMAND_ERROR_IS_FATAL ANY)
foreach(component IN LISTS CPACK_COMPONENTS_ALL)
  string(TOUPPER "${component}" upper)
  set(documents "${CMAKE_INSTALL_DATADIR}/doc/${CPACK_DEBIAN_${upper}_PACKAGE_NAME}")
  install(FILES "${PROJECT_BINARY_DIR}/package/changelog.Debian.gz"
                "${PROJECT_BINARY_DIR}/package/changelog.gz"
          DESTINATION "${documents}" COMPONENT ${component})
  install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${documents}" RENAME copyright
          COMPONENT ${component})
endforeach()

include(CPack)
