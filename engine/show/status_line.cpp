#include "engine/show/status_line.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "engine/show/status_text.hpp"
#include "engine/show/terminal_text.hpp"

namespace vcengine {

namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds kOften = 5s;
constexpr std::chrono::nanoseconds kSeldom = 1min;

constexpr std::string_view kErase = "\r\033[K";

/// Over what stands there, then the rest erased: unlike erasing first, this does not flicker.
std::string redraw(std::string_view text) { return fmt::format("\r{}\033[K", text); }

}  // namespace

StatusMode choose_status_mode(int fd, bool quiet) {
  if (quiet) return StatusMode::quiet;
  const char* terminal = std::getenv("TERM");
  const bool capable = terminal != nullptr && *terminal != '\0' &&
                       std::string_view(terminal) != "dumb" && ::isatty(fd) != 0;
  return capable ? StatusMode::refreshed : StatusMode::plain;
}

StatusLine::StatusLine(int fd, StatusMode mode, Glyphs glyphs)
    : output_(fd), mode_(mode), glyphs_(glyphs), next_plain_(kOften) {}

void StatusLine::show(const RunStats& stats) {
  if (mode_ == StatusMode::quiet) return;
  history_.add(stats);
  if (mode_ == StatusMode::plain) {
    if (stats.running < next_plain_) return;
    const std::chrono::nanoseconds period = stats.running < kSeldom ? kOften : kSeldom;
    next_plain_ = (stats.running / period + 1) * period;
    output_.write(status_text(stats, history_, glyphs_) + "\n");
    return;
  }
  std::string text = truncate_to_width(status_text(stats, history_, glyphs_), columns(), glyphs_);
  if (text == drawn_) return;
  drawn_ =
      output_.write(redraw(text)) ? std::move(text) : " ";  // cut off in the middle: draw again
}

void StatusLine::print_above(std::string_view line) {
  std::string text;
  if (lost_lines_ > 0) {
    text = fmt::format("({} lines left out here: nobody read them)\n", lost_lines_);
  }
  if (mode_ == StatusMode::refreshed) {
    text = fmt::format("{}{}{}\n{}", drawn_.empty() ? "" : kErase, text, one_terminal_line(line),
                       drawn_);
  } else {
    text.append(line).push_back('\n');
  }
  lost_lines_ = output_.write(text) ? 0 : lost_lines_ + 1;
}

void StatusLine::finish() {
  if (!drawn_.empty()) output_.write(kErase);
  drawn_.clear();
}

std::size_t StatusLine::columns() const {
  winsize size{};
  const bool known = ::ioctl(output_.fd(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  // The last column stays free: a character there makes some terminals wrap.
  return (known ? std::size_t{size.ws_col} : 80) - 1;
}

}  // namespace vcengine
