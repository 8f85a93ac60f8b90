/// A copy of /proc/PID/maps: which file an address came from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

struct FilePosition {
  std::string file;
  std::uint64_t offset = 0;  ///< bytes
};

class MemoryMap {
 public:
  /// Any bytes; lines that are none of such a file's are skipped.
  explicit MemoryMap(std::string_view maps);

  /// Bytes that the process can write and shares with nobody, its main stack aside: what
  /// RLIMIT_DATA limits.
  std::uint64_t own_memory() const noexcept { return own_memory_; }
  /// None if the address is not code of a file.
  std::optional<FilePosition> find_code(std::uint64_t address) const;

 private:
  struct Mapping {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    FilePosition start;
  };
  void add(std::string_view line);

  std::vector<Mapping> code_;
  std::uint64_t own_memory_ = 0;
};

}  // namespace vcengine
