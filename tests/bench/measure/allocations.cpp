#include "allocations.hpp"

#include <atomic>
#include <cerrno>
#include <cstddef>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define VCENGINE_COUNTS_ALLOCATIONS 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define VCENGINE_COUNTS_ALLOCATIONS 0
#endif
#endif
#ifndef VCENGINE_COUNTS_ALLOCATIONS
#define VCENGINE_COUNTS_ALLOCATIONS 1
#endif

#if VCENGINE_COUNTS_ALLOCATIONS

namespace {
std::atomic<std::uint64_t> calls{0};
void count() noexcept { calls.fetch_add(1, std::memory_order_relaxed); }
}  // namespace

// glibc keeps its own allocator under these names for whoever replaces the others. free() stays
// its own.
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
  count();
  return __libc_malloc(size);
}
void* calloc(std::size_t number, std::size_t size) {
  count();
  return __libc_calloc(number, size);
}
void* realloc(void* memory, std::size_t size) {
  count();
  return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  count();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  count();
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}
}

std::optional<std::uint64_t> vcengine::bench::allocations() noexcept { return calls.load(); }

#else

std::optional<std::uint64_t> vcengine::bench::allocations() noexcept { return std::nullopt; }

#endif
