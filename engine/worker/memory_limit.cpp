#include "engine/worker/memory_limit.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <new>
#include <string_view>
#include <system_error>
#include <typeinfo>

#include "engine/control/byte_size.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

namespace {

/// What the kernel counts, and a few pages of the main thread's stack. Allocates nothing.
std::uint64_t own_memory() noexcept {
  const FileDescriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 256> text{};
  unsigned long pages = 0;
  if (!file || ::read(file.get(), text.data(), text.size() - 1) <= 0) return 0;
  std::sscanf(text.data(), "%*u %*u %*u %*u %*u %lu", &pages);
  return std::uint64_t{pages} * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

/// cv::Exception with the code StsNoMem. By its name, for the worker knows no OpenCV: that comes
/// with a block, or not at all.
bool is_opencv_without_memory(const std::exception& error) noexcept {
  return std::strcmp(typeid(error).name(), "N2cv9ExceptionE") == 0 &&
         std::string_view(error.what()).find("(-4:") != std::string_view::npos;
}

}  // namespace

void MemoryLimit::set(std::uint64_t bytes) {
  // Only the soft limit: who lowers the hard one cannot lift it again.
  rlimit limit{};
  if (::getrlimit(RLIMIT_DATA, &before_) == 0) {
    limit = before_;
    limit.rlim_cur = std::min<rlim_t>(bytes, before_.rlim_cur);
    if (::setrlimit(RLIMIT_DATA, &limit) == 0) {
      bytes_ = bytes;
      return;
    }
  }
  throw std::system_error(errno, std::generic_category(), "RLIMIT_DATA");
}

void MemoryLimit::lift() noexcept {
  if (bytes_) ::setrlimit(RLIMIT_DATA, &before_);
}

bool MemoryLimit::caused(const std::exception& error) const noexcept {
  if (!bytes_) return false;
  if (dynamic_cast<const std::bad_alloc*>(&error) != nullptr) {
    return dynamic_cast<const std::bad_array_new_length*>(&error) == nullptr;  // new int[-1]
  }
  if (const auto* system = dynamic_cast<const std::system_error*>(&error)) {
    if (system->code() == std::errc::not_enough_memory) return true;
    // Of std::thread; but there may also be too many threads.
    return system->code() == std::errc::resource_unavailable_try_again && !has_room_for_a_stack();
  }
  return is_opencv_without_memory(error);
}

std::string MemoryLimit::message() const {
  return "it needed more than its memory: " + size_text(bytes_.value_or(0));
}

bool MemoryLimit::has_room_for_a_stack() const noexcept {
  pthread_attr_t attributes;
  std::size_t stack = 0;
  if (::pthread_attr_init(&attributes) != 0) return true;
  ::pthread_attr_getstacksize(&attributes, &stack);
  ::pthread_attr_destroy(&attributes);
  return own_memory() + stack <= *bytes_;
}

}  // namespace vcengine
