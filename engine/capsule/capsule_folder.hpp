/// Where the capsules of a user are: one folder each, of which only so many are kept. Several hosts
/// may use it at once: a capsule appears whole or not at all, and one that somebody else removed
/// meanwhile is gone. [host, any thread]
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>

#include "engine/capsule/capsule.hpp"

namespace vcengine {

struct CapsuleLimits {
  std::size_t newest = 10;                              ///< capsules that are kept
  std::uint64_t all_bytes = std::uint64_t{1} << 30;     ///< of all that are kept
  std::uint64_t frames_bytes = std::uint64_t{1} << 28;  ///< of the frames in one
  std::chrono::milliseconds wait{100};                  ///< of somebody for the copying of those
};

class CapsuleFolder {
 public:
  explicit CapsuleFolder(std::filesystem::path path, CapsuleLimits limits = {})
      : path_(std::move(path)), limits_(limits) {}

  /// Makes the folder if need be, writes the capsule, and removes the oldest of those that are too
  /// many, which are told by their names and their files: nothing else is touched. Gives the path
  /// of the new one. Throws CapsuleError: nothing is left behind then.
  std::filesystem::path add(const Capsule& capsule) const;

 private:
  std::filesystem::path make_temporary() const;
  std::filesystem::path name(const Capsule& capsule, const std::filesystem::path& temporary) const;
  void remove_old(const std::filesystem::path& newest) const;

  std::filesystem::path path_;
  CapsuleLimits limits_;
};

}  // namespace vcengine
