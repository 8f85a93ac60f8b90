/// The call of process() that a block died in, once more: a run of one worker, which takes over
/// from the dead of a capsule. [host]
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/capsule/rerun_set_up.hpp"
#include "engine/crash/crash_report.hpp"
#include "engine/process/line_reader.hpp"
#include "engine/process/process_launcher.hpp"
#include "engine/run/run_console.hpp"

namespace vcengine {

class Rerun {
 public:
  enum class Outcome {
    returned,     ///< process() did
    faulted,      ///< it died again, hung, or threw
    not_started,  ///< the block could not be brought to where it makes the call
  };

  /// All are borrowed. Throws CapsuleError, std::system_error.
  Rerun(const Capsule& capsule, ProcessLauncher& launcher, RunConsole& console);

  /// Says on the console what happens, as the host of a circuit would.
  Outcome run(const Symbolizer& symbolizer);

 private:
  enum class Reaped { no, yes };

  void wait_for_its_end();
  void read_messages(Reaped reaped);
  void read_lines(bool all);
  bool hangs() const;
  Outcome judge(const ProcessEnd& end, const Symbolizer& symbolizer);

  const Capsule& capsule_;
  ProcessLauncher& launcher_;
  RunConsole& console_;
  RerunSetUp set_up_;
  WorkerProcess worker_;
  LineReader output_, errors_;
  bool started_ = false;
  bool finished_ = false;
  bool killed_for_time_ = false;
  std::optional<std::string> problem_;  // the block's own words
};

}  // namespace vcengine
