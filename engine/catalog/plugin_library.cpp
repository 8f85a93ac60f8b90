#include "engine/catalog/plugin_library.hpp"

#include <dlfcn.h>

#define BOOST_DLL_USE_STD_FS  // headers only: Boost.Filesystem would have to be linked
#include <boost/dll/shared_library.hpp>

#include <array>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "engine/catalog/build_id.hpp"

namespace vcengine {

namespace {

using boost::dll::load_mode::rtld_lazy;
using boost::dll::load_mode::rtld_local;
using boost::dll::load_mode::rtld_now;

/// Said before the loader sees the file, whose own words ("invalid ELF header") help few.
void check_is_elf(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) {
    throw PluginError("cannot be read (" + std::generic_category().message(errno) + ")",
                      PluginFault::in_surroundings);
  }
  std::array<char, 4> magic{};
  stream.read(magic.data(), magic.size());
  if (stream.gcount() == 0) throw PluginError("is not a shared library (it is empty)");
  if (std::string_view(magic.data(), magic.size()) !=
      "\x7f"
      "ELF") {
    throw PluginError("is not a shared library (it is some other kind of file)");
  }
}

/// In the order in which a member may be believed: the first two never move.
void check_entry(const PluginEntry& entry) {
  if (entry.abi_version != kAbiVersion) {
    throw PluginError("was built for ABI " + std::to_string(entry.abi_version) + ", this is ABI " +
                      std::to_string(kAbiVersion) + ": rebuild it");
  }
  if (entry.entry_size != sizeof(PluginEntry)) {
    throw PluginError("has an entry of " + std::to_string(entry.entry_size) + " bytes, not " +
                      std::to_string(sizeof(PluginEntry)) + ": rebuild it");
  }
  const std::string library = entry.standard_library != nullptr ? entry.standard_library : "none";
  if (library != kStandardLibrary) {
    throw PluginError("was built with the C++ library '" + library + "', this is '" +
                      kStandardLibrary + "': rebuild it with the same one");
  }
  if (entry.register_types == nullptr) throw PluginError("has an entry without a function");
}

struct LoadResult {
  std::unique_ptr<boost::dll::shared_library> library;  // none: it could not be loaded
  std::string problem;
};

LoadResult try_load(const std::filesystem::path& file, boost::dll::load_mode::type mode) {
  boost::dll::fs::error_code error;
  // Absolute: Boost.DLL and the loader search elsewhere for a bare name.
  auto library =
      std::make_unique<boost::dll::shared_library>(std::filesystem::absolute(file), error, mode);
  if (!error) return {std::move(library), ""};
  const char* reason = ::dlerror();  // Boost.DLL's error code says only that there is one
  std::string text = reason != nullptr ? reason : error.message();
  const auto prefix = std::filesystem::absolute(file).string() + ": ";
  if (text.starts_with(prefix)) text.erase(0, prefix.size());
  return {nullptr, text};
}

std::unique_ptr<boost::dll::shared_library> load(const std::filesystem::path& file) {
  check_is_elf(file);
  // All symbols are resolved now, so that a missing one is said here and not in the middle of a
  // circuit.
  auto [library, problem] = try_load(file, rtld_now | rtld_local);
  if (library) return std::move(library);

  // One of ours may be missing because the plugin was built for another ABI or C++ library: its
  // entry can still be read, if what is missing may stay so.
  const bool lacks_ours =
      problem.find("undefined symbol") != problem.npos && problem.find("vcengine") != problem.npos;
  if (lacks_ours) {
    const auto lazy = try_load(file, rtld_lazy | rtld_local).library;
    if (lazy && lazy->has(kPluginSymbol)) check_entry(lazy->get<const PluginEntry>(kPluginSymbol));
  }
  // Otherwise mostly a library that is not installed: that can change without the file.
  throw PluginError("cannot be loaded (" + problem + ")" +
                        (lacks_ours ? ": was it built for another version? rebuild it" : ""),
                    PluginFault::in_surroundings);
}

}  // namespace

PluginLibrary::PluginLibrary(const std::filesystem::path& file) : library_(load(file)) {
  if (!library_->has(kPluginSymbol)) {
    throw PluginError("is no vcengine plugin: it has no entry '" + std::string(kPluginSymbol) +
                      "'");
  }
  const auto& entry = library_->get<const PluginEntry>(kPluginSymbol);
  check_entry(entry);
  try {
    entry.register_types(registry_);
  } catch (const std::invalid_argument& error) {
    throw PluginError(
        error.what());  // of Registry::add, in words that fit: "registers 'a.b' twice"
  } catch (const std::exception& error) {
    throw PluginError("could not register its types: " + std::string(error.what()),
                      PluginFault::in_surroundings);
  } catch (...) {
    throw PluginError("could not register its types: it threw something unknown",
                      PluginFault::in_surroundings);
  }
  if (types().empty()) throw PluginError("registers no block type");
}

PluginLibrary::~PluginLibrary() = default;

std::string PluginLibrary::build_id() const {
  return build_id_at(&library_->get<const PluginEntry>(kPluginSymbol));
}

const BlockType& PluginLibrary::find(std::string_view type) const {
  std::string known;
  for (const auto& candidate : types()) {
    if (candidate.name == type) return candidate;
    known += (known.empty() ? "'" : ", '") + candidate.name + "'";
  }
  throw PluginError("has no block type '" + std::string(type) + "', only " + known);
}

}  // namespace vcengine
