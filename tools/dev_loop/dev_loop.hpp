/// Builds, tests and runs a project again whenever a source is saved.
///
/// At most one job (configure, build or test) and one circuit run at a time. A save cancels the job
/// and begins anew; a job that fails leaves the circuit as it is; one that succeeds leads to the
/// next, the last one to a circuit that is as the sources are now: the one that runs takes on what
/// has changed, and only if it cannot, another one is started.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/control/quiet_time.hpp"
#include "tools/dev_loop/child.hpp"
#include "tools/dev_loop/project.hpp"
#include "tools/dev_loop/source_watch.hpp"
#include "tools/dev_loop/terminal.hpp"

namespace vcengine {

struct DevOptions {
  std::filesystem::path host;              ///< the program vcengine
  std::vector<std::string> run_arguments;  ///< behind the circuit
  bool verbose = false;
};

class DevLoop {
 public:
  DevLoop(Project project, DevOptions options, Terminal& terminal);

  /// Until the user quits; the status to exit with.
  int run();

 private:
  using Clock = std::chrono::steady_clock;
  enum class Job : std::uint8_t { none, configure, build, test, reload };

  void wait_for_events();
  void begin();  ///< at the first job, once the one that runs is cancelled
  void start(Job job);
  void job_ended();
  void job_failed();
  void tests_ended(int status);
  void circuit_ended();
  void renew_circuit();
  std::vector<std::string> reload_command() const;
  void reload_ended(int status, const std::string& said);
  void restart_circuit();
  void on_key(char key);
  void on_signal(int number);

  const Project project_;
  const DevOptions options_;
  Terminal& terminal_;
  SourceWatch watch_;
  QuietTime saves_;
  FileDescriptor signals_;
  Job job_ = Job::none;
  Clock::time_point job_since_;
  std::unique_ptr<Child> job_child_;
  bool begin_again_ = false;  // when the job that was cancelled has ended
  bool only_test_ = false;    // asked for by a key: the circuit stays
  std::unique_ptr<Child> circuit_;
  bool circuit_wanted_ = false;  // when the one that was asked to end has ended
  std::optional<int> exit_status_;
};

}  // namespace vcengine
