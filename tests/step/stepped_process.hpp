/// A forked child that is run one instruction at a time.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

namespace vcengine::test {

/// What must never happen has happened.
class Violation final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// This process may not trace its children.
class PtraceForbidden final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The child calls begin_steps() and end_steps() around the instructions to be stepped through.
/// Killed and reaped when this object ends, wherever it is by then.
class SteppedProcess {
 public:
  enum class Stop {
    stepped,  ///< one instruction further
    asleep,   ///< in a system call that waits for somebody; not stopped
    end,      ///< at end_steps()
  };

  /// Forks and runs `body` in the child until it calls begin_steps(). An exception of the child
  /// ends it, and its text becomes part of our complaint.
  explicit SteppedProcess(const std::function<void()>& body);
  SteppedProcess(const SteppedProcess&) = delete;
  SteppedProcess& operator=(const SteppedProcess&) = delete;
  ~SteppedProcess();

  /// `may_sleep`: looks whether it sleeps, which makes a step slower.
  Stop step(bool may_sleep);
  /// After `asleep`: the step is over once somebody woke it.
  Stop wait_for_step();
  /// The address of its next instruction, where the way there can be cut short with go_to(); else
  /// 0.
  std::uint64_t next_instruction() const;
  /// Lets it run until it is about to execute the instruction there for the n-th time. `wake` ends
  /// its sleep on the way. False if it came to end_steps() instead.
  bool go_to(std::uint64_t instruction, std::uint64_t n, const std::function<void()>& wake);
  /// Lets it run until end_steps().
  void run_to_end_of_steps();
  /// Lets it go from end_steps() to its own end.
  void let_go();
  /// Throws unless it ended without a complaint.
  void expect_success();
  /// Throws if it has ended with a complaint. Does not wait: without us it may never come to its
  /// end.
  void hear_complaint();
  /// Kills and reaps it: from here on it can touch nothing any more.
  void kill();

 private:
  Stop resume(int request, bool may_sleep);
  Stop stop_of(int status);
  bool sleeps() const;
  int wait_stop();
  [[noreturn]] void ended(int status);

  pid_t pid_ = 0;
};

/// In the child.
void begin_steps();
void end_steps();

}  // namespace vcengine::test
