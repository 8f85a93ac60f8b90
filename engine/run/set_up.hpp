/// Brings workers from their launch to where they run. [host]
///
/// All plugins are loaded; all own pages mapped, and sealed; all other pages mapped; blocks that
/// take frames started before the sources. Each step begins when every worker has done the one
/// before; a successor of one that died goes through the same steps alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/control/json.hpp"
#include "engine/run/run_options.hpp"
#include "engine/run/wiring.hpp"
#include "engine/run/worker.hpp"

namespace vcengine {

class SetUp {
 public:
  using Params = std::vector<std::pair<std::string, ParamValue>>;

  /// All are borrowed.
  SetUp(const Plan& plan, const RunOptions& options, Wiring& wiring, std::vector<Worker>& workers)
      : plan_(plan), options_(options), wiring_(wiring), workers_(workers) {}

  /// Answers the first message of a worker that is to be this block of that plan. Throws
  /// ChannelError: it is of another version. `params` are those that are not as the block's type
  /// has them; with `debug` it waits for a debugger once its block is constructed.
  void load(const Plan& plan, std::size_t block, const Worker& worker, const JsonObject& hello,
            const Params& params, bool debug) const;
  /// The next step of all, if all have done the one before; true: they are ready to run.
  bool step();
  /// Of that one alone. `params`: as they are now, should they have changed since it was loaded.
  void step_of(std::size_t block, const Params& params);
  /// A block shows its frames in a window: sources go at their own pace, unless told otherwise.
  void open_window() { window_open_ = true; }

  bool all_in(WorkerPhase phase) const;
  /// By a media clock a run for a time ends with the stamps: each source ends before that one.
  bool ends_by_stamp() const { return options_.run_for && plan_.clock == ClockKind::media; }

  /// What a worker is told of the block that it is to be.
  JsonObject load_message(const Plan& plan, std::size_t block, const Params& params) const;

 private:
  void send_own_pages(std::size_t block);
  void send_other_pages(std::size_t block);
  void send_start(std::size_t block, const Params* params = nullptr);
  void start_blocks(bool sources);
  std::chrono::nanoseconds spin(std::size_t block) const;

  const Plan& plan_;
  const RunOptions& options_;
  Wiring& wiring_;
  std::vector<Worker>& workers_;
  bool window_open_ = false;
};

}  // namespace vcengine
