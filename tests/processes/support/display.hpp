/// A display without a monitor, and a user who presses keys there.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/processes/support/process.hpp"

namespace vcengine::test {

class Display {
 public:
  /// None if Xvfb or xdotool is not installed.
  static std::unique_ptr<Display> open();

  const std::string& name() const noexcept { return name_; }  ///< ":7"

  /// Waits for the window of that title; its X id.
  std::string window(const std::string& title) const;
  bool has_window(const std::string& title) const;
  void press(const std::string& key, const std::string& title) const;
  /// As the user's click on its close button does.
  void close(const std::string& title) const;

  explicit Display(const Command& server);

 private:
  Result xdotool(std::vector<std::string> arguments) const;

  Process server_;
  std::string name_;
};

}  // namespace vcengine::test
