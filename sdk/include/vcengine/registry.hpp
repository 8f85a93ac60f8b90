/// The plugin's entry: the one symbol that a plugin exports.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "vcengine/description.hpp"
#include "vcengine/name.hpp"

namespace vcengine {

class Block;
class Setup;

/// Grows with each change of a header of the SDK that plugins see. Another one is refused in words.
inline constexpr std::uint32_t kAbiVersion = 6;

struct BlockType {
  std::string name;
  std::string doc;
  BlockTraits traits;
  bool dynamic = false;
  std::unique_ptr<Block> (*construct)() = nullptr;
};

/// Receives the block types of one plugin.
class Registry {
 public:
  /// Names a type "family.block_name". Throws std::invalid_argument for a name that is malformed or
  /// taken already in this plugin.
  template <class T>
  void add(detail::DottedName name, std::string_view doc, BlockTraits traits = {}) {
    static_assert(std::is_base_of_v<Block, T>, "only blocks can be registered");
    static_assert(!std::is_abstract_v<T>, "a block needs `void process() override`");
    static_assert(std::is_default_constructible_v<T>, "a block is constructed without arguments");
    constexpr bool kDeclares = !std::is_same_v<decltype(&T::declare), void (Block::*)(Setup&)>;
    add(BlockType{std::string(name.text()), std::string(doc), traits, kDeclares,
                  [] { return std::unique_ptr<Block>(std::make_unique<T>()); }});
  }

  const std::vector<BlockType>& types() const noexcept { return types_; }

 private:
  void add(BlockType type);

  std::vector<BlockType> types_;
};

/// What the exported symbol is. Its first two members never move.
struct PluginEntry {
  std::uint32_t abi_version;
  std::uint32_t entry_size;
  const char*
      standard_library;  ///< "libstdc++ cxx11": what C++ types between host and plugin rest on
  const char* compiler;  ///< for messages only
  void (*register_types)(Registry&);
};

inline constexpr const char* kPluginSymbol = "vcengine_plugin";

#if defined(__GLIBCXX__)
inline constexpr const char* kStandardLibrary =
    _GLIBCXX_USE_CXX11_ABI ? "libstdc++ cxx11" : "libstdc++ old";
#elif defined(_LIBCPP_VERSION)
inline constexpr const char* kStandardLibrary = "libc++";
#else
inline constexpr const char* kStandardLibrary = "unknown";
#endif

/// Opens the function that registers a plugin's types; once per plugin, at namespace scope:
///   VCENGINE_PLUGIN(registry) { registry.add<MyBlock>("my.block", "What it does"); }
#define VCENGINE_PLUGIN(registry)                                                             \
  static void vcengine_register_types(::vcengine::Registry& registry);                        \
  extern "C" __attribute__((visibility("default"), used))                                     \
  const ::vcengine::PluginEntry vcengine_plugin = {                                           \
      ::vcengine::kAbiVersion, sizeof(::vcengine::PluginEntry), ::vcengine::kStandardLibrary, \
      __VERSION__, &vcengine_register_types};                                                 \
  static void vcengine_register_types(::vcengine::Registry& registry)

namespace detail {

/// Runs in a worker once its plugin is loaded, before a block is constructed. A header registers
/// hooks for libraries that the SDK does not link (image.hpp: OpenCV's thread count). `threads` 0:
/// automatic.
using WorkerHook = void (*)(int threads);
bool add_worker_hook(WorkerHook hook);
void run_worker_hooks(int threads);

}  // namespace detail

}  // namespace vcengine
