#include "engine/run/background.hpp"

#include <sys/eventfd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace vcengine {

Background::Background() : ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!ready_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Background::add(std::function<Finish()> work) {
  tasks_.push_back(std::move(work));
  if (tasks_.size() == 1) start_first();
}

void Background::start_first() {
  result_ = {};
  try {
    thread_ = std::jthread([this, &work = tasks_.front()] {
      result_.set_value(work());
      ::eventfd_write(ready_.get(), 1);
    });
  } catch (...) {
    tasks_.pop_front();
    throw;
  }
}

void Background::finish_ready() {
  eventfd_t ignored = 0;
  if (::eventfd_read(ready_.get(), &ignored) != 0) return;
  const auto finish = result_.get_future().get();
  thread_.join();
  tasks_.pop_front();
  if (!tasks_.empty()) start_first();
  finish();
}

}  // namespace vcengine
