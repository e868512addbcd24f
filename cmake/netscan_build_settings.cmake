# What every target of this project is compiled with. Nothing here reaches a consumer.

if(NETSCAN_IS_TOP_LEVEL AND NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

add_library(netscan_build_settings INTERFACE)
target_compile_features(netscan_build_settings INTERFACE cxx_std_20)
target_compile_options(netscan_build_settings INTERFACE -Wall -Wextra -Wpedantic
                       -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wnull-dereference)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ takes a variable named like its type for shadowing, and when it inlines reports null
  # dereferences, uninitialised std::optionals and overlapping strings that cannot happen.
  target_compile_options(netscan_build_settings INTERFACE -Wshadow=local -Wno-null-dereference
                         -Wno-maybe-uninitialized -Wno-restrict)
endif()
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # What a file keeps to itself looks like a header's once it is included.
  target_compile_options(netscan_build_settings INTERFACE -Wno-subobject-linkage)
endif()
if(NETSCAN_WERROR)
  target_compile_options(netscan_build_settings INTERFACE -Werror)
endif()
if(NETSCAN_BUILD_FUZZERS)
  # What leads a fuzzer: which branches an input took.
  target_compile_options(netscan_build_settings INTERFACE -fsanitize=fuzzer-no-link)
  target_link_options(netscan_build_settings INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(NETSCAN_SANITIZE)
  if(NETSCAN_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Asio's fences are not seen by the sanitizer; what they order is ordered by other means too.
    target_compile_options(netscan_build_settings INTERFACE -Wno-tsan)
  endif()
  target_compile_options(netscan_build_settings INTERFACE -fsanitize=${NETSCAN_SANITIZE}
                         -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(netscan_build_settings INTERFACE -fsanitize=${NETSCAN_SANITIZE})
  if(NETSCAN_SANITIZE MATCHES "undefined" AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    # clang 14 cannot assemble a coroutine with the one; the other needs a descriptor to look at an
    # object, and calls it wrong when tests have taken them all.
    target_compile_options(netscan_build_settings INTERFACE -fno-sanitize=function,vptr)
    target_link_options(netscan_build_settings INTERFACE -fno-sanitize=function,vptr)
  endif()
endif()
