/// Where a run shows what happens: the lines that blocks write, the host's own, the status.
#pragma once

#include <string_view>

#include "engine/run/run_stats.hpp"

namespace vcengine {

class RunConsole {
 public:
  virtual ~RunConsole() = default;

  /// A line that a block wrote to its stdout or stderr, without its end.
  virtual void block_output(std::string_view block, std::string_view line) = 0;
  virtual void block_error(std::string_view block, std::string_view line) = 0;
  /// False while nobody takes the blocks' output fast enough: then their pipes are left to fill up,
  /// and the blocks wait.
  virtual bool takes_output() = 0;
  /// A descriptor to wait on until takes_output() holds again, or -1.
  virtual int output_fd() const = 0;

  virtual void note(std::string_view text) = 0;
  virtual void error(std::string_view text) = 0;
  virtual void show(const RunStats& stats) = 0;
};

}  // namespace vcengine
