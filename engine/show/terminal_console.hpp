#pragma once

#include <string>

#include "engine/run/run_console.hpp"
#include "engine/show/status_line.hpp"

namespace vcengine {

/// The blocks' stdout to the host's stdout, all else to its stderr, where the status line is kept
/// in one piece. A reader of stdout that is slow (a pager) slows the blocks that write, never the
/// host.
class TerminalConsole final : public RunConsole {
 public:
  /// `output_to_stderr`: stdout is wanted for something else (`--json`).
  TerminalConsole(StatusMode mode, bool output_to_stderr);

  void block_output(std::string_view block, std::string_view line) override;
  void block_error(std::string_view block, std::string_view line) override;
  bool takes_output() override;
  int output_fd() const override;
  void note(std::string_view text) override;
  void error(std::string_view text) override;
  void show(const RunStats& stats) override;

  /// Erases the status line and hands on what is left of the blocks' output, waiting for its
  /// reader.
  void finish();

  /// Why blocks' output could not be written, an errno; 0: it could, or its reader has left.
  int output_error() const noexcept { return output_error_; }

 private:
  void write_pending(bool wait);

  StatusLine status_;
  bool quiet_;
  bool separate_output_;  // stdout is a file or a pipe, not the terminal of the status line
  std::string pending_;   // of the blocks' output
  int output_error_ = 0;
};

}  // namespace vcengine
