#pragma once

#include <termios.h>

#include <optional>
#include <string>
#include <string_view>

namespace vcengine {

/// The user's terminal, or the files that stand in for it. While it lives, keys come at once and
/// are not shown.
class Terminal {
 public:
  Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;
  ~Terminal();

  /// -1 if nobody is there to press keys.
  int key_fd() const noexcept;
  /// None if there is none, or no more.
  std::optional<char> key();

  /// Whole lines. They go above the status line of a circuit, which draws itself anew below them.
  void say(std::string_view text) const;

 private:
  std::optional<termios> before_;  // set: keys are read
  bool erases_;
};

}  // namespace vcengine
