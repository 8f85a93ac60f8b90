# How everything here is compiled: language, optimisation, sanitizer, and the target vcengine_warnings.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or RelWithDebInfo (with assertions)" FORCE)
endif()

# Release keeps line tables and frame pointers: a crash names file and line on a user's machine too.
# RelWithDebInfo is for development: as fast, with assertions of ours and of the standard library.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g -D_GLIBCXX_ASSERTIONS")
add_compile_options(-fno-omit-frame-pointer)

if(VCENGINE_SANITIZE STREQUAL "address")
  set(VCENGINE_SANITIZE_OPTIONS -fsanitize=address,undefined -fno-sanitize-recover=undefined)
elseif(VCENGINE_SANITIZE STREQUAL "fuzzer")  # all but main(), which tests/fuzz links
  set(VCENGINE_SANITIZE_OPTIONS -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined)
elseif(VCENGINE_SANITIZE STREQUAL "thread")
  set(VCENGINE_SANITIZE_OPTIONS -fsanitize=thread)
elseif(VCENGINE_SANITIZE)
  message(FATAL_ERROR "VCENGINE_SANITIZE is '${VCENGINE_SANITIZE}'; it can be empty, address, thread or fuzzer")
endif()
add_compile_options(${VCENGINE_SANITIZE_OPTIONS})
add_link_options(${VCENGINE_SANITIZE_OPTIONS})

find_program(VCENGINE_CCACHE ccache)
mark_as_advanced(VCENGINE_CCACHE)
if(VCENGINE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${VCENGINE_CCACHE}")
endif()

add_library(vcengine_warnings INTERFACE)
target_compile_options(vcengine_warnings INTERFACE
  -Wall
  -Wextra
  -Wpedantic
  -Wcast-align
  -Wconversion
  -Wno-sign-conversion  # Clang counts it as conversion, GCC does not
  -Wextra-semi
  -Wformat=2
  -Wnon-virtual-dtor
  -Wold-style-cast
  -Woverloaded-virtual
  -Wshadow
  -Wsuggest-override
  -Wno-missing-field-initializers  # {.min = 0, .max = 5} leaves members out on purpose
  $<$<BOOL:${VCENGINE_WERROR}>:-Werror>)
