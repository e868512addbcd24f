# A room is a folder of public headers (include/netscan/<room>) with its code (src/<room>).
#
# Each room is an object library that sees its own headers and those of the rooms it names, and no
# others: its include path is a folder of links made here, so an include of a room below does not
# build. The library netscan::netscan is all rooms together.
#
# INTERNALS names rooms above whose own headers (src/<room>) the room's code builds on too; it finds
# them as "<room>/<header>".

set(NETSCAN_GENERATED_INCLUDE_DIR "${CMAKE_CURRENT_BINARY_DIR}/generated")
configure_file("${CMAKE_CURRENT_SOURCE_DIR}/cmake/version.hpp.in"
               "${NETSCAN_GENERATED_INCLUDE_DIR}/netscan/version.hpp" @ONLY)

function(netscan_room room)
  cmake_parse_arguments(ARG "" "" "ROOMS;INTERNALS;LIBRARIES;PRIVATE_LIBRARIES;SOURCES" ${ARGN})
  set(room_include_dir "${PROJECT_BINARY_DIR}/rooms/${room}")
  file(MAKE_DIRECTORY "${room_include_dir}/netscan")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/netscan/${room}"
       "${room_include_dir}/netscan/${room}" SYMBOLIC)
  set(internals_dir "${PROJECT_BINARY_DIR}/rooms/${room}-internals")
  file(MAKE_DIRECTORY "${internals_dir}")
  foreach(above IN LISTS ARG_INTERNALS)
    file(CREATE_LINK "${PROJECT_SOURCE_DIR}/src/${above}" "${internals_dir}/${above}" SYMBOLIC)
  endforeach()

  add_library(netscan_${room} OBJECT ${ARG_SOURCES})
  target_include_directories(netscan_${room}
    PUBLIC "${room_include_dir}" "${NETSCAN_GENERATED_INCLUDE_DIR}"
    PRIVATE "${PROJECT_SOURCE_DIR}/src/${room}" "${internals_dir}")
  set_target_properties(netscan_${room} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_link_libraries(netscan_${room} PUBLIC ${ARG_LIBRARIES}
                        PRIVATE netscan_build_settings ${ARG_PRIVATE_LIBRARIES})
  foreach(above IN LISTS ARG_ROOMS)
    target_link_libraries(netscan_${room} PUBLIC netscan_${above})
  endforeach()
endfunction()
