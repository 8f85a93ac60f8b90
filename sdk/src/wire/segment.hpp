/// Shared memory without a name: a memfd, handed over as a descriptor, gone with its last user.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "file_descriptor.hpp"

namespace vcengine::wire {

enum class Access { read_only, read_write };

/// A mapping, kept out of core dumps and out of forked children. Moved, its bytes stay where they
/// are.
class Mapping {
 public:
  Mapping() noexcept;
  /// Maps the whole file. Throws std::system_error.
  Mapping(int fd, Access access);
  /// Private memory of this process, for pools that nobody else reads.
  static Mapping anonymous(std::size_t size);

  Mapping(Mapping&&) noexcept;
  Mapping& operator=(Mapping&&) noexcept;
  ~Mapping();

  std::span<std::byte> bytes() const noexcept { return bytes_; }

 private:
  struct Region;
  std::unique_ptr<Region> region_;
  std::span<std::byte> bytes_;
};

/// Gives memory to pages that have none, before somebody has to wait for it; what is in them stays.
/// Large pages where the system grants them for shared memory. Does nothing where the kernel
/// cannot.
void prefault(std::span<std::byte> bytes) noexcept;

/// Puts pages that have memory into this process's tables, a read-only mapping's too. Does nothing
/// where the kernel cannot.
void map_in(std::span<const std::byte> bytes) noexcept;

/// Maps what any frame may touch, with all of its memory. Throws std::system_error.
Mapping map_page(int fd, Access access);

/// A sealed-size memfd of `size` zero bytes, sparse. Throws std::system_error.
FileDescriptor create_segment(const std::string& name, std::size_t size);

/// A memfd without size or seals, that any holder may write to. Throws std::system_error.
FileDescriptor create_unsealed_file(const std::string& name);

/// The same memory, for who is only to read it: no mapping of it can be made writable. Throws
/// std::system_error.
FileDescriptor read_only_descriptor(int fd);

/// From now on nobody can map it writable; mappings that exist stay writable. Throws
/// std::system_error.
void seal_future_writes(int fd);

}  // namespace vcengine::wire
