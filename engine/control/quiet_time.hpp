#pragma once

#include <chrono>
#include <optional>

namespace vcengine {

/// Many events in a row are one: an editor that saves makes several, `git checkout` hundreds. Due
/// when nothing has happened for a while.
class QuietTime {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit QuietTime(std::chrono::milliseconds quiet) : quiet_(quiet) {}

  void event(Time now) { due_at_ = now + quiet_; }
  std::optional<Time> due_at() const { return due_at_; }

  /// True once for each row of events.
  bool due(Time now) {
    if (!due_at_ || now < *due_at_) return false;
    due_at_.reset();
    return true;
  }

 private:
  std::chrono::milliseconds quiet_;
  std::optional<Time> due_at_;
};

}  // namespace vcengine
