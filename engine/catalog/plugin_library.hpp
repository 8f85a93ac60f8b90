/// A plugin loaded into this process. In workers only: the host never loads one.
#pragma once

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "engine/catalog/plugin_description.hpp"
#include "vcengine/block.hpp"

namespace boost::dll {
class shared_library;
}

namespace vcengine {

/// A file cannot be used as a plugin; the text goes behind its name: "is not a shared library (it
/// is empty)", "was built for ABI 999, this is ABI 1: rebuild it".
class PluginError final : public std::runtime_error {
 public:
  explicit PluginError(const std::string& text, PluginFault fault = PluginFault::in_file)
      : std::runtime_error(text), fault_(fault) {}

  PluginFault fault() const noexcept { return fault_; }

 private:
  PluginFault fault_;
};

class PluginLibrary {
 public:
  /// Loads the file, checks that it was built for this SDK before any of it is called (but the
  /// loader itself runs its static initialisers), and lets it register its types. Throws
  /// PluginError.
  explicit PluginLibrary(const std::filesystem::path& file);
  ~PluginLibrary();

  const std::vector<BlockType>& types() const noexcept { return registry_.types(); }

  /// Throws PluginError naming what there is instead.
  const BlockType& find(std::string_view type) const;

  /// The block's code lies in this library: it must be gone before the library is. Throws what the
  /// block's constructor throws.
  std::unique_ptr<Block> construct(std::string_view type) const { return find(type).construct(); }

  std::string build_id() const;  ///< see build_id.hpp

 private:
  std::unique_ptr<boost::dll::shared_library> library_;  // first: outlives all that points into it
  Registry registry_;
};

}  // namespace vcengine
