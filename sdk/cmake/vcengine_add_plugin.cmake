# vcengine_add_plugin(NAME source.cpp… [LIBRARIES lib…])
#
# Builds NAME.so, a plugin whose only exported symbol is its entry, linking the SDK and LIBRARIES. Single
# OpenCV modules (opencv_imgproc, …) may be named without finding OpenCV first.
#
# It lands in `plugins` of the project's source folder, where a circuit beside that folder finds it;
# VCENGINE_PLUGIN_OUTPUT_DIRECTORY says another place.
#
# `cmake --install` puts it where every circuit of this user finds it, ~/.local/share/vcengine/plugins
# (XDG_DATA_HOME instead of ~/.local/share, if set); with a prefix, into <prefix>/lib/vcengine/plugins.
# With VCENGINE_PLUGIN_INSTALL set to OFF, nowhere.
function(vcengine_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vcengine_add_plugin(${name}): no source file given")
  endif()
  vcengine_find_opencv_modules(${arg_LIBRARIES})

  add_library(${name} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE vcengine::sdk ${arg_LIBRARIES})
  if(TARGET vcengine_warnings)
    target_link_libraries(${name} PRIVATE vcengine_warnings)
  endif()
  set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version)
  target_link_options(${name} PRIVATE
    LINKER:--version-script=${version_script} LINKER:--as-needed)
  set_target_properties(${name} PROPERTIES PREFIX "" LINK_DEPENDS ${version_script})
  vcengine_place_plugin(${name})
endfunction()

# Not for authors: where a plugin is built and installed.
function(vcengine_place_plugin name)
  get_target_property(sdk_is_installed vcengine::sdk IMPORTED)
  if(VCENGINE_PLUGIN_OUTPUT_DIRECTORY)
    set(folder ${VCENGINE_PLUGIN_OUTPUT_DIRECTORY})
  elseif(sdk_is_installed)
    set(folder ${CMAKE_SOURCE_DIR}/plugins)
  else()
    set(folder ${CMAKE_BINARY_DIR}/lib/vcengine/plugins)
  endif()
  set_target_properties(${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${folder})

  if(DEFINED VCENGINE_PLUGIN_INSTALL AND NOT VCENGINE_PLUGIN_INSTALL)
    return()
  elseif(NOT sdk_is_installed)
    set_target_properties(${name} PROPERTIES INSTALL_RPATH "$ORIGIN/../..")
    install(TARGETS ${name} LIBRARY DESTINATION lib/vcengine/plugins COMPONENT runtime)
    return()
  endif()

  # Built as it is installed: libraries are looked for where CMake found them, wherever the plugin is
  # copied to. The SDK needs no looking for, the worker has it.
  set_target_properties(${name} PROPERTIES
    BUILD_WITH_INSTALL_RPATH ON INSTALL_RPATH_USE_LINK_PATH ON)
  # CMake knows only once that its prefix is the default, and --prefix comes later than that: the folder is
  # chosen when it is installed.
  if(CMAKE_INSTALL_PREFIX_INITIALIZED_TO_DEFAULT)
    set(VCENGINE_DEFAULT_PREFIX ${CMAKE_INSTALL_PREFIX} CACHE INTERNAL "The prefix nobody asked for")
  endif()
  install(CODE "
    set(folder \"\${CMAKE_INSTALL_PREFIX}/lib/vcengine/plugins\")
    if(\"\${CMAKE_INSTALL_PREFIX}\" STREQUAL \"${VCENGINE_DEFAULT_PREFIX}\")
      if(IS_ABSOLUTE \"\$ENV{XDG_DATA_HOME}\")
        set(folder \"\$ENV{XDG_DATA_HOME}/vcengine/plugins\")
      elseif(IS_ABSOLUTE \"\$ENV{HOME}\")
        set(folder \"\$ENV{HOME}/.local/share/vcengine/plugins\")
      else()
        message(FATAL_ERROR \"HOME is not set: say where to with cmake --install … --prefix FOLDER\")
      endif()
    endif()
    file(INSTALL DESTINATION \"\${folder}\" TYPE MODULE FILES \"$<TARGET_FILE:${name}>\")")
endfunction()

# Not for authors: makes targets of those OpenCV modules among the libraries that are none yet.
function(vcengine_find_opencv_modules)
  set(modules)
  foreach(library IN LISTS ARGN)
    if(library MATCHES "^opencv_([a-z0-9_]+)$" AND NOT TARGET ${library})
      list(APPEND modules ${CMAKE_MATCH_1})
    endif()
  endforeach()
  if(modules)
    list(PREPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
    find_package(OpenCVModules REQUIRED COMPONENTS core ${modules})
  endif()
endfunction()
