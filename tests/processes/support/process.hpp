/// Starts programs and watches them: what they write, how they end. One thread; whoever waits here
/// reads their pipes meanwhile, so that no program ever waits for us. Every wait has a watchdog.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "file_descriptor.hpp"

namespace vcengine::test {

inline constexpr std::chrono::seconds kWatchdog{120};

struct Command {
  std::vector<std::string> argv;                                  ///< argv[0] is looked up on PATH
  std::map<std::string, std::optional<std::string>> environment;  ///< changes to ours; none: unset
  std::filesystem::path folder{};                                 ///< to start it in; empty: ours
  int standard_input = -1;                                        ///< -1: /dev/null
  int standard_output = -1;  ///< where its stdout goes; -1: captured
};

/// A started program. What is still alive at the end is killed.
class Process {
 public:
  explicit Process(const Command& command);
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  pid_t pid() const noexcept { return pid_; }
  void signal(int number) const;

  /// What it has written so far.
  const std::string& output() const noexcept { return output_; }
  const std::string& errors() const noexcept { return errors_; }

  /// Throws if the watchdog barks first, or if the program ends first and that does not make it
  /// true; the message has what it wrote. `what` completes "waited in vain for …".
  void wait_until(const std::function<bool()>& condition, std::string_view what);
  void wait_for_output(std::string_view part);
  void wait_for_errors(std::string_view part);

  /// Its exit status as a shell shows it: 128 + signal for one that was killed.
  int wait(std::chrono::seconds watchdog = kWatchdog);

 private:
  bool read_some(std::chrono::milliseconds patience);
  [[noreturn]] void give_up(std::string_view what) const;

  pid_t pid_ = 0;
  FileDescriptor pidfd_, output_pipe_, errors_pipe_;
  std::string output_, errors_;
  std::optional<int> status_;
};

struct Result {
  int status = 0;
  std::string output;
  std::string errors;
};

Result run(const Command& command);

/// Polls until `condition` holds; false if the watchdog barks first.
bool eventually(const std::function<bool()>& condition);

}  // namespace vcengine::test
