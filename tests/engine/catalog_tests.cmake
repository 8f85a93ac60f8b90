# From JSON over child processes to the catalog of block types.
vcengine_add_test(json_test json_test.cpp LIBRARIES vcengine_engine Boost::headers)
vcengine_add_test(plugin_folders_test plugin_folders_test.cpp LIBRARIES vcengine_engine)
vcengine_add_test(child_process_test child_process_test.cpp LIBRARIES vcengine_engine)
vcengine_add_test(catalog_test catalog_test.cpp LIBRARIES vcengine_engine Boost::headers)

# Finds the worker and tests/misbehaving by their places in the build folder.
vcengine_add_test(bad_plugins_test bad_plugins_test.cpp LIBRARIES vcengine_engine)
add_dependencies(bad_plugins_test vcengine-worker vcengine_misbehaving)
