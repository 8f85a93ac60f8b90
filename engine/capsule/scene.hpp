/// What a block's process had mapped when it died, for who looks at it before its successor does.
/// Borrowed: pages and descriptors are the host's, and others go on writing to what is theirs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace vcengine {

struct Scene {
  /// Payloads of one pool.
  struct Memory {
    int file = -1;  ///< descriptor
    std::uint64_t origin = 0;
    std::uint32_t slots = 0;
    std::uint64_t stride = 0;
  };
  struct Input {
    std::string port;
    bool latest = false;
    bool feedback = false;
    std::span<const std::byte> ring;    ///< the writer page of its sender
    std::span<const std::byte> reader;  ///< its own page
    Memory pool;
    std::vector<Memory> origins;  ///< whose frames its sender may send on
  };
  struct Output {
    std::string port;
    bool tells_bound = false;
    std::vector<std::uint64_t> origins;
    std::uint32_t forwarded = 0;
    std::span<const std::byte> ring;
  };

  std::span<const std::byte> status;
  std::vector<Input> inputs;
  std::vector<Output> outputs;
};

}  // namespace vcengine
