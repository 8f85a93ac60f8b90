/// What a running circuit shows on standard error. On a terminal: one line, refreshed in place,
/// below the log lines of the blocks. Elsewhere: the log lines, and a progress line now and then.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

#include "engine/run/run_stats.hpp"
#include "engine/show/human_units.hpp"
#include "engine/show/run_history.hpp"
#include "engine/show/unblocking_output.hpp"

namespace vcengine {

enum class StatusMode {
  refreshed,  ///< one line in place
  plain,      ///< a line after 5 s, 10 s, … and each minute from then on
  quiet,      ///< none
};

/// `refreshed` only on a terminal that can erase a line.
StatusMode choose_status_mode(int fd, bool quiet);

/// Not thread-safe. Never blocks on a reader: what it does not take is left out, and lines are
/// counted.
class StatusLine {
 public:
  /// Borrows `fd`, usually 2, as long as it lives.
  StatusLine(int fd, StatusMode mode, Glyphs glyphs = glyphs_of_environment());
  ~StatusLine() { finish(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  /// Call it four to ten times a second, whatever the mode.
  void show(const RunStats& stats);

  /// A line of a block's log or of the host, in every mode; without its line end.
  void print_above(std::string_view line);

  /// Erases the line: whoever prints next starts on an empty one.
  void finish();

 private:
  std::size_t columns() const;

  UnblockingOutput output_;
  StatusMode mode_;
  Glyphs glyphs_;
  RunHistory history_;
  std::string drawn_;  // what stands on the terminal; empty: nothing
  std::chrono::nanoseconds next_plain_;
  std::size_t lost_lines_ = 0;
};

}  // namespace vcengine
