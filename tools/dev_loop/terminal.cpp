#include "tools/dev_loop/terminal.hpp"

#include <unistd.h>

#include "file_descriptor.hpp"

namespace vcengine {

Terminal::Terminal() : erases_(::isatty(STDOUT_FILENO) != 0) {
  termios settings{};
  if (!erases_ || ::tcgetattr(STDIN_FILENO, &settings) != 0) return;
  before_ = settings;
  settings.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

Terminal::~Terminal() {
  if (before_) ::tcsetattr(STDIN_FILENO, TCSANOW, &*before_);
}

int Terminal::key_fd() const noexcept { return before_ ? STDIN_FILENO : -1; }

std::optional<char> Terminal::key() {
  char key = 0;
  if (::read(STDIN_FILENO, &key, 1) == 1) return key;
  before_.reset();  // the terminal is gone
  return std::nullopt;
}

void Terminal::say(std::string_view text) const {
  std::string whole = erases_ ? "\r\033[K" : "";
  whole += text;
  if (!text.ends_with('\n')) whole += '\n';
  write_all(STDOUT_FILENO, whole);
}

}  // namespace vcengine
