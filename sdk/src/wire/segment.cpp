#include "wire/segment.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/interprocess/mapped_region.hpp>
#include <cerrno>
#include <system_error>

namespace vcengine::wire {

namespace ipc = boost::interprocess;

namespace {

#ifndef MFD_NOEXEC_SEAL
constexpr unsigned kNoExecSeal = 0x0008U;  // Linux 6.3; headers of Debian 12 lack it
#else
constexpr unsigned kNoExecSeal = MFD_NOEXEC_SEAL;
#endif

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// Lets Boost map a descriptor that it did not open.
class MappableDescriptor {
 public:
  MappableDescriptor(int fd, ipc::mode_t mode) : fd_(fd), mode_(mode) {}
  ipc::mapping_handle_t get_mapping_handle() const {
    return ipc::ipcdetail::mapping_handle_from_file_handle(fd_);
  }
  ipc::mode_t get_mode() const { return mode_; }

 private:
  int fd_;
  ipc::mode_t mode_;
};

}  // namespace

struct Mapping::Region {
  ipc::mapped_region region;
};

Mapping::Mapping(int fd, Access access) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) throw_errno("shared memory");
  const auto mode = access == Access::read_only ? ipc::read_only : ipc::read_write;
  const auto size = static_cast<std::size_t>(info.st_size);
  region_ = std::make_unique<Region>();
  try {
    ipc::mapped_region mapped(MappableDescriptor(fd, mode), mode, 0, size);
    region_->region.swap(mapped);
  } catch (const ipc::interprocess_exception& error) {
    throw std::system_error(error.get_native_error(), std::generic_category(),
                            "cannot map " + std::to_string(size) + " bytes of shared memory");
  }
  bytes_ = {static_cast<std::byte*>(region_->region.get_address()), region_->region.get_size()};
  // A core dump would commit every page of a sparse pool, and a child that a block forks could go
  // on writing after the pool was reclaimed.
  ::madvise(bytes_.data(), bytes_.size(), MADV_DONTDUMP);
  ::madvise(bytes_.data(), bytes_.size(), MADV_DONTFORK);
}

Mapping Mapping::anonymous(std::size_t size) {
  // Not MAP_ANONYMOUS: the kernel refuses one that is larger than its memory, however little is
  // touched.
  return Mapping(create_segment("vcengine:private", size).get(), Access::read_write);
}

Mapping::Mapping() noexcept = default;
Mapping::Mapping(Mapping&&) noexcept = default;
Mapping& Mapping::operator=(Mapping&&) noexcept = default;
Mapping::~Mapping() = default;

void prefault(std::span<std::byte> bytes) noexcept {
#ifdef MADV_POPULATE_WRITE
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  if (bytes.size() >= kHugePage) ::madvise(bytes.data(), bytes.size(), MADV_HUGEPAGE);
  ::madvise(bytes.data(), bytes.size(), MADV_POPULATE_WRITE);  // Linux 5.14
#endif
}

void map_in(std::span<const std::byte> bytes) noexcept {
#ifdef MADV_POPULATE_READ
  constexpr std::uintptr_t kPage = 4096;
  const auto first = reinterpret_cast<std::uintptr_t>(bytes.data()) / kPage * kPage;
  const auto last = reinterpret_cast<std::uintptr_t>(bytes.data() + bytes.size());
  ::madvise(reinterpret_cast<void*>(first), last - first, MADV_POPULATE_READ);  // Linux 5.14
#endif
}

Mapping map_page(int fd, Access access) {
  Mapping page(fd, access);
  if (access == Access::read_write) {
    prefault(page.bytes());
  } else {
    map_in(page.bytes());
  }
  return page;
}

FileDescriptor create_unsealed_file(const std::string& name) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  FileDescriptor fd(::memfd_create(name.c_str(), kFlags | kNoExecSeal));
  if (!fd && errno == EINVAL) fd = FileDescriptor(::memfd_create(name.c_str(), kFlags));
  if (!fd) throw_errno("cannot create shared memory '" + name + "'");
  return fd;
}

FileDescriptor create_segment(const std::string& name, std::size_t size) {
  auto fd = create_unsealed_file(name);
  if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) {
    throw_errno("cannot make shared memory '" + name + "' " + std::to_string(size) +
                " bytes large");
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
    throw_errno("cannot seal shared memory '" + name + "'");
  }
  return fd;
}

FileDescriptor read_only_descriptor(int fd) {
  FileDescriptor opened(
      ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC));
  if (!opened) throw_errno("cannot open shared memory for reading (is /proc mounted?)");
  return opened;
}

void seal_future_writes(int fd) {
  if (::fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) != 0) {
    throw_errno("cannot seal shared memory against writing");
  }
}

}  // namespace vcengine::wire
