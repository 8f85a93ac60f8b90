# vcengine_add_plugin(NAME source.cpp… [LIBRARIES lib…])
#
# Builds NAME.so, a plugin whose only exported symbol is its entry, linking the SDK and LIBRARIES.
# It lands in lib/vcengine/plugins of the build tree, unless VCENGINE_PLUGIN_OUTPUT_DIRECTORY says where.
function(vcengine_add_plugin name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBRARIES")
  if(NOT arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "vcengine_add_plugin(${name}): no source file given")
  endif()
  set(version_script ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.version)
  set(folder ${CMAKE_BINARY_DIR}/lib/vcengine/plugins)
  if(VCENGINE_PLUGIN_OUTPUT_DIRECTORY)
    set(folder ${VCENGINE_PLUGIN_OUTPUT_DIRECTORY})
  endif()

  add_library(${name} MODULE ${arg_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE vcengine::sdk ${arg_LIBRARIES})
  if(TARGET vcengine_warnings)
    target_link_libraries(${name} PRIVATE vcengine_warnings)
  endif()
  target_link_options(${name} PRIVATE
    LINKER:--version-script=${version_script} LINKER:--as-needed)
  set_target_properties(${name} PROPERTIES
    PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${folder} LINK_DEPENDS ${version_script}
    INSTALL_RPATH "$ORIGIN/../..")
endfunction()
