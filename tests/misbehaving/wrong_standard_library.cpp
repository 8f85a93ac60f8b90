/// Says that it was built with another C++ library, and crashes if it is called all the same.
#include <cstdlib>

#include <vcengine/registry.hpp>

extern "C" __attribute__((visibility("default"), used))
const vcengine::PluginEntry vcengine_plugin = {vcengine::kAbiVersion, sizeof(vcengine::PluginEntry),
                                               "libother", "other compiler",
                                               [](vcengine::Registry&) { std::abort(); }};
