#pragma once

#include <sys/mman.h>

#include <cerrno>
#include <cstddef>
#include <memory>
#include <span>
#include <system_error>
#include <type_traits>

namespace vcengine::bench {

/// Zeroed memory that forked processes share with the parent: what they measured comes back in it.
template <class T>
class SharedArray {
  static_assert(std::is_trivially_destructible_v<T>);

 public:
  explicit SharedArray(std::size_t size) : size_(size) {
    void* const memory = ::mmap(nullptr, bytes(), PROT_READ | PROT_WRITE,
                                MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED) {
      throw std::system_error(errno, std::generic_category(), "cannot share memory");
    }
    data_ = static_cast<T*>(memory);
    std::uninitialized_value_construct_n(data_, size_);
  }
  SharedArray(const SharedArray&) = delete;
  SharedArray& operator=(const SharedArray&) = delete;
  ~SharedArray() { ::munmap(data_, bytes()); }

  T& operator[](std::size_t i) const noexcept { return data_[i]; }
  std::size_t size() const noexcept { return size_; }
  std::span<T> span() const noexcept { return {data_, size_}; }

 private:
  std::size_t bytes() const noexcept { return size_ * sizeof(T); }

  std::size_t size_;
  T* data_;
};

/// One value that they share.
template <class T>
class Shared {
 public:
  T& operator*() const noexcept { return array_[0]; }
  T* operator->() const noexcept { return &array_[0]; }

 private:
  SharedArray<T> array_{1};
};

}  // namespace vcengine::bench
