# Finds single OpenCV modules and makes a target of each: opencv_core, opencv_imgproc, …
#
# OpenCV's own OpenCVConfig.cmake is in Debian's libopencv-dev only, which brings in every module and
# twice the packages. The names are those of OpenCVConfig.cmake, which is used where OpenCV_DIR names
# one (an OpenCV built by hand) or where the plain search finds nothing. A module links to core alone,
# not to all that its library was built on: a process pays for what it loads.

include(FindPackageHandleStandardArgs)

if(NOT OpenCV_DIR)
  find_path(OpenCVModules_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4)
  mark_as_advanced(OpenCVModules_INCLUDE_DIR)
  foreach(module IN LISTS OpenCVModules_FIND_COMPONENTS)
    find_library(OpenCVModules_${module}_LIBRARY opencv_${module})
    mark_as_advanced(OpenCVModules_${module}_LIBRARY)
    if(OpenCVModules_${module}_LIBRARY AND EXISTS "${OpenCVModules_INCLUDE_DIR}/opencv2/${module}.hpp")
      set(OpenCVModules_${module}_FOUND TRUE)
    else()
      list(APPEND OpenCVModules_missing ${module})
    endif()
  endforeach()
endif()

if(OpenCV_DIR OR OpenCVModules_missing)
  find_package(OpenCV QUIET CONFIG COMPONENTS ${OpenCVModules_FIND_COMPONENTS})
endif()

if(OpenCV_FOUND)
  set(OpenCVModules_INCLUDE_DIR "${OpenCV_INCLUDE_DIRS}")
  foreach(module IN LISTS OpenCVModules_FIND_COMPONENTS)
    set(OpenCVModules_${module}_FOUND TRUE)
  endforeach()
endif()

find_package_handle_standard_args(OpenCVModules
  REQUIRED_VARS OpenCVModules_INCLUDE_DIR HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "Debian has a package for each module: libopencv-core-dev, libopencv-imgproc-dev, …")

if(OpenCVModules_FOUND AND NOT OpenCV_FOUND)
  foreach(module IN LISTS OpenCVModules_FIND_COMPONENTS)
    if(NOT TARGET opencv_${module})
      add_library(opencv_${module} UNKNOWN IMPORTED)
      set_target_properties(opencv_${module} PROPERTIES
        IMPORTED_LOCATION "${OpenCVModules_${module}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${OpenCVModules_INCLUDE_DIR}")
      if(NOT module STREQUAL core)
        set_property(TARGET opencv_${module} PROPERTY INTERFACE_LINK_LIBRARIES opencv_core)
      endif()
    endif()
  endforeach()
endif()
