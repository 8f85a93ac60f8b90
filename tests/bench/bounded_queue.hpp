#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

namespace vcengine::bench {

/// From one thread to another, or several. A full one makes push() wait. Allocates nothing after
/// its construction.
template <class T>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t depth) : items_(depth) {}

  void push(T item) {
    {
      std::unique_lock lock(mutex_);
      not_full_.wait(lock, [this] { return size_ < items_.size(); });
      items_[(first_ + size_++) % items_.size()] = item;
    }
    not_empty_.notify_one();
  }

  /// None once the queue is closed and empty.
  std::optional<T> pop() {
    std::optional<T> item;
    {
      std::unique_lock lock(mutex_);
      not_empty_.wait(lock, [this] { return size_ > 0 || closed_; });
      if (size_ == 0) return item;
      item = items_[first_];
      first_ = (first_ + 1) % items_.size();
      --size_;
    }
    not_full_.notify_one();
    return item;
  }

  /// No push() will come any more.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    not_empty_.notify_all();
  }

 private:
  std::mutex mutex_;  // guards all below
  std::condition_variable not_full_, not_empty_;
  std::vector<T> items_;
  std::size_t first_ = 0, size_ = 0;
  bool closed_ = false;
};

}  // namespace vcengine::bench
