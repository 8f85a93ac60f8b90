# What block authors install: headers, the library, and the package that find_package(vcengine) finds.
include(CMakePackageConfigHelpers)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/vcengine)

# The library itself is the host's as well; only the link that the linker asks for is an author's.
install(TARGETS vcengine_sdk EXPORT vcengine
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT dev)
install(DIRECTORY include/vcengine TYPE INCLUDE COMPONENT dev FILES_MATCHING PATTERN *.hpp)
install(DIRECTORY doc DESTINATION share/doc/vcengine COMPONENT runtime)
install(DIRECTORY examples DESTINATION share/doc/vcengine COMPONENT dev)

install(EXPORT vcengine NAMESPACE vcengine:: FILE vcengineTargets.cmake
  DESTINATION ${package_folder} COMPONENT dev)
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/vcengineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES
    cmake/vcengineConfig.cmake
    cmake/vcengine_add_plugin.cmake
    cmake/vcengine_add_block_test.cmake
    cmake/plugin.version
    ${CMAKE_CURRENT_BINARY_DIR}/vcengineConfigVersion.cmake
    ${PROJECT_SOURCE_DIR}/tools/cmake/FindOpenCVModules.cmake
  DESTINATION ${package_folder} COMPONENT dev)
