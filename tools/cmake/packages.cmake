# Two Debian packages, `vcengine` to run circuits and `vcengine-dev` to write blocks: `tools/dev package`,
# or `cpack` in a build folder.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR vcengine)
set(CPACK_PACKAGE_CONTACT "vcengine maintainers <maintainers@vcengine.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_folders.cmake)
# Against Debian's custom: the line tables that are left in release builds are what lets a crash name file
# and line on a user's machine.
set(CPACK_STRIP_FILES OFF)

set(CPACK_COMPONENTS_ALL runtime dev)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)

set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME vcengine)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION video)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION "${PROJECT_DESCRIPTION}
A circuit is a YAML file: blocks joined by wires. Pictures pass through shared
memory without a copy, and no frame is lost without being counted.
.
This package runs circuits. To write blocks, install vcengine-dev.")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SHLIBDEPS ON)
# Where dpkg-shlibdeps finds the one library that is in no package yet: our own.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_LIBRARY_OUTPUT_DIRECTORY}")
# What packages with programs that link our library will depend on. (CPack could write this, but takes the
# plugins for libraries without a name; the scripts that call ldconfig it adds unasked.)
set(shlibs_file ${CMAKE_CURRENT_BINARY_DIR}/packages/shlibs)
file(WRITE ${shlibs_file} "libvcengine ${PROJECT_VERSION_MAJOR} vcengine (= ${PROJECT_VERSION})\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA ${shlibs_file})

# All that configuring, building and testing a first block takes.
set(CPACK_DEBIAN_DEV_PACKAGE_NAME vcengine-dev)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_COMPONENT_DEV_DESCRIPTION "Headers and CMake functions to write blocks for vcengine
A block is a class in a shared library; two lines of CMake build it and test
it.")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS
  "vcengine (= ${PROJECT_VERSION})"
  "g++ (>= 4:12) | c++-compiler"
  "cmake (>= 3.25)"
  "make | ninja-build"
  libopencv-core-dev
  libopencv-imgproc-dev
  libopencv-imgcodecs-dev
  libgmock-dev)
list(JOIN CPACK_DEBIAN_DEV_PACKAGE_DEPENDS ", " CPACK_DEBIAN_DEV_PACKAGE_DEPENDS)
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS "gdb, valgrind")

include(CPack)
