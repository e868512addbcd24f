# The target `docs`: the reference of the public headers as HTML, in docs/html of the build folder. A
# warning of Doxygen's is an error, and a failed test.

find_program(NETSCAN_DOXYGEN doxygen)
mark_as_advanced(NETSCAN_DOXYGEN)
if(NETSCAN_DOXYGEN)
  configure_file("${PROJECT_SOURCE_DIR}/cmake/Doxyfile.in" "${PROJECT_BINARY_DIR}/Doxyfile" @ONLY)
  add_custom_target(docs COMMAND "${NETSCAN_DOXYGEN}" "${PROJECT_BINARY_DIR}/Doxyfile" VERBATIM
                    COMMENT "Writing the reference to ${PROJECT_BINARY_DIR}/docs/html")
  if(NETSCAN_BUILD_TESTS AND NOT NETSCAN_SANITIZE)
    add_test(NAME reference COMMAND "${NETSCAN_DOXYGEN}" "${PROJECT_BINARY_DIR}/Doxyfile")
  endif()
else()
  message(STATUS "No Doxygen: neither the target docs nor its test")
endif()
