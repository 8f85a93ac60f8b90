# vcengine_add_block_test(NAME source.cpp… [PLUGIN plugin] [LIBRARIES lib…])
#
# A program of GoogleTest and GoogleMock, with a main() of its own, each TEST of it a test of ctest under a
# watchdog. With PLUGIN, it may include the sources of that plugin and links the plugin's LIBRARIES.
# Call enable_testing() in the project's first CMakeLists.txt before.
#
# For each PLUGIN there is also the test <plugin>_standard_checks: what holds for every block, checked by
# `vcengine test`. VCENGINE_STANDARD_CHECKS set to OFF leaves it out.
option(VCENGINE_STANDARD_CHECKS "Run `vcengine test` on each plugin under test" ON)

function(vcengine_add_block_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "PLUGIN" "LIBRARIES")
  if(DEFINED BUILD_TESTING AND NOT BUILD_TESTING)
    return()
  elseif(NOT CMAKE_TESTING_ENABLED)
    message(FATAL_ERROR "vcengine_add_block_test(${name}): ctest would not see this test; "
      "say enable_testing() in ${CMAKE_SOURCE_DIR}/CMakeLists.txt before")
  elseif(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vcengine_add_block_test(${name}): no source file given")
  elseif(arg_PLUGIN AND NOT TARGET ${arg_PLUGIN})
    message(FATAL_ERROR "vcengine_add_block_test(${name}): there is no plugin '${arg_PLUGIN}'; "
      "vcengine_add_plugin(${arg_PLUGIN} …) must come before")
  endif()

  # The pictures of tests are compared and read from files.
  vcengine_find_opencv_modules(opencv_core opencv_imgcodecs ${arg_LIBRARIES})
  if(NOT TARGET GTest::gmock_main)
    find_package(GTest REQUIRED)
  endif()
  if(NOT TARGET GTest::gmock_main)
    message(FATAL_ERROR "vcengine_add_block_test(${name}): GoogleTest is here, GoogleMock is not; "
      "its Debian package is libgmock-dev")
  endif()
  include(GoogleTest)

  add_executable(${name} ${arg_UNPARSED_ARGUMENTS})
  if(arg_PLUGIN)
    get_target_property(libraries ${arg_PLUGIN} LINK_LIBRARIES)
    vcengine_find_opencv_modules(${libraries})
    target_link_libraries(${name} PRIVATE ${libraries})
    target_include_directories(${name} PRIVATE
      $<TARGET_PROPERTY:${arg_PLUGIN},SOURCE_DIR> $<TARGET_PROPERTY:${arg_PLUGIN},INCLUDE_DIRECTORIES>)
  endif()
  target_link_libraries(${name} PRIVATE
    vcengine::sdk GTest::gmock_main opencv_core opencv_imgcodecs ${arg_LIBRARIES})
  target_link_options(${name} PRIVATE LINKER:--as-needed)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 300)

  if(arg_PLUGIN AND VCENGINE_STANDARD_CHECKS AND NOT TEST ${arg_PLUGIN}_standard_checks)
    add_test(NAME ${arg_PLUGIN}_standard_checks
      COMMAND vcengine::host test $<TARGET_FILE:${arg_PLUGIN}>)
    set_tests_properties(${arg_PLUGIN}_standard_checks PROPERTIES TIMEOUT 300)
  endif()
endfunction()
