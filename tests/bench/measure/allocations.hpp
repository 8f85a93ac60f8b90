#pragma once

#include <cstdint>
#include <optional>

namespace vcengine::bench {

/// Calls of malloc and its like in this process so far, operator new and libraries included. None
/// where a sanitizer has an allocator of its own. (The program that links this has its malloc
/// replaced by one that counts.)
std::optional<std::uint64_t> allocations() noexcept;

}  // namespace vcengine::bench
