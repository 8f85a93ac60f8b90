# find_package(vcengine) brings
#   vcengine::sdk               the library and headers of blocks; C++20 comes with it
#   vcengine::host              the program vcengine
#   vcengine_add_plugin()       see vcengine_add_plugin.cmake
#   vcengine_add_block_test()   see vcengine_add_block_test.cmake
cmake_minimum_required(VERSION 3.25)

include(${CMAKE_CURRENT_LIST_DIR}/vcengineTargets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/vcengine_add_plugin.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/vcengine_add_block_test.cmake)
