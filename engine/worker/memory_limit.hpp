/// `memory:` of the circuit file. [worker]
///
/// The kernel refuses what would make the private writable memory of the process larger
/// (RLIMIT_DATA): it costs nothing while there is enough. Wires are shared memory and do not count.
/// What is reserved does, also where it is never touched: each thread's stack.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <exception>
#include <optional>
#include <string>

namespace vcengine {

class MemoryLimit {
 public:
  /// From now on. A process that has more already gets no more. Throws std::system_error.
  void set(std::uint64_t bytes);
  bool is_set() const noexcept { return bytes_.has_value(); }
  /// For the last words: those need memory too.
  void lift() noexcept;

  /// Was it the limit that `error` came of? Allocates nothing.
  bool caused(const std::exception& error) const noexcept;
  /// "it needed more than its memory: 512 MB"
  std::string message() const;

 private:
  /// For a thread more.
  bool has_room_for_a_stack() const noexcept;

  std::optional<std::uint64_t> bytes_;
  rlimit before_{};
};

}  // namespace vcengine
