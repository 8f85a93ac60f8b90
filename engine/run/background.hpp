/// Work that would keep the host from its workers: done on another thread, one piece after the
/// other.
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <thread>

#include "file_descriptor.hpp"

namespace vcengine {

class Background {
 public:
  /// What is to be done with the result, on the thread that calls finish_ready().
  using Finish = std::function<void()>;

  Background();  ///< throws std::system_error

  /// `work` throws nothing. Throws std::system_error if there can be no more threads.
  void add(std::function<Finish()> work);
  int fd() const noexcept { return ready_.get(); }  ///< readable when finish_ready() has something
  void finish_ready();

 private:
  void start_first();

  FileDescriptor ready_;
  std::deque<std::function<Finish()>> tasks_;  // the first is being done
  std::promise<Finish> result_;
  std::jthread thread_;
};

}  // namespace vcengine
