#pragma once

#include "engine/run/live_log.hpp"
#include "engine/run/run_console.hpp"

namespace vcengine {

/// Keeps what is shown, and shows it.
class LoggedConsole final : public RunConsole {
 public:
  /// Borrows both.
  LoggedConsole(RunConsole& console, LiveLog& log) : console_(console), log_(log) {}

  void block_output(std::string_view block, std::string_view line) override {
    log_.add(block, "stdout", line);
    console_.block_output(block, line);
  }
  void block_error(std::string_view block, std::string_view line) override {
    log_.add(block, "stderr", line);
    console_.block_error(block, line);
  }
  bool takes_output() override { return console_.takes_output(); }
  int output_fd() const override { return console_.output_fd(); }
  void note(std::string_view text) override {
    log_.add("", "stderr", text);
    console_.note(text);
  }
  void error(std::string_view text) override {
    log_.add("", "stderr", text);
    console_.error(text);
  }
  void show(const RunStats& stats) override { console_.show(stats); }

 private:
  RunConsole& console_;
  LiveLog& log_;
};

}  // namespace vcengine
