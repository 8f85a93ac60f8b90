/// Says that it was built for another ABI, and crashes if it is called all the same.
#include <cstdlib>

#include <vcengine/registry.hpp>

extern "C" __attribute__((visibility("default"), used))
const vcengine::PluginEntry vcengine_plugin = {999, 4, nullptr, nullptr,
                                               [](vcengine::Registry&) { std::abort(); }};
