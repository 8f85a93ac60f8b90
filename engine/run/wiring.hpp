/// The shared memory of one circuit: a pool for each wired output, a reader page for each wire, a
/// status page for each worker and the host's own page. [host]
///
/// Every process maps its own pages writable, and what others write by descriptors that can only
/// read; once it has, no descriptor is left in it, so no code of a block can make another mapping.
/// The pages of a block outlive its process: its successor maps them as it did, and its neighbours
/// notice nothing. The host itself writes to its page alone.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/capsule/scene.hpp"
#include "engine/circuit/plan.hpp"
#include "engine/circuit/plan_match.hpp"
#include "engine/control/json.hpp"
#include "engine/run/page_watch.hpp"
#include "engine/run/run_stats.hpp"
#include "engine/run/stall_watch.hpp"
#include "file_descriptor.hpp"
#include "wire/layout.hpp"
#include "wire/segment.hpp"

namespace vcengine {

class Wiring {
 public:
  /// `eventfds`: futex_waitv is missing, workers sleep on eventfds. Borrows the plan. Throws
  /// std::system_error.
  Wiring(const Plan& plan, bool eventfds);

  /// A message for the worker of a block, and the descriptors to go with it.
  struct Handover {
    JsonObject message;
    std::vector<int> descriptors;
    std::vector<FileDescriptor> opened;  // of those, the ones that end with this
  };
  Handover own_pages(std::size_t block) const;
  Handover other_pages(std::size_t block) const;

  /// Is there a place in the host's page for all that an edited circuit may need?
  bool has_room_for(const Plan& next) const;
  /// The plan is another one than it was: `before`. What of that serves is kept, the rest is made
  /// anew, at once open, and goes on with the numbers of frames that were reached. Who needs new
  /// pages has no process now. Throws std::system_error.
  void adopt(const Plan& before, const PlanMatch& match);

  /// Opens the gates of all wires and lets frames flow: circuit time begins at `origin`.
  void run(std::chrono::steady_clock::time_point origin);
  void set_run_state(wire::RunState state);
  wire::RunState run_state() const noexcept;

  /// Its worker has a message to read; ring() tells all those that were told so.
  void count_order(std::size_t block);
  void ring();
  /// Whether the block's process keeps what it finds held by a dead predecessor.
  void keep_holds(std::size_t block, bool keep);
  /// Circuit time stood still for so long.
  void hold_back_clock(std::chrono::nanoseconds time);

  /// The block takes no more frames: its writers need not wait for it.
  void reader_finished(std::size_t block);
  /// Its process was reaped, and a successor will go on: its neighbours look again at what it did
  /// last, and may have had no time to say.
  void worker_died(std::size_t block);
  void successor_comes(std::size_t block);  ///< before it is handed the pages
  void successor_runs(
      std::size_t block);  ///< what its status page says is its own word from now on
  /// Its process was reaped, and there will be no other: what it held is free, unless it was sent
  /// on, and what it published is all there is.
  void worker_gone(std::size_t block);

  /// What each block and each wire is at, for whoever looks for blocks that wait for each other.
  std::vector<StallWatch::BlockNow> blocks_now() const;
  std::vector<StallWatch::WireNow> wires_now() const;
  /// It has told its readers that no frame will come any more.
  bool has_ended(std::size_t block) const;
  /// How long the block has been in the call of process() that goes on, without what it waits for;
  /// none: it waits, or is in none.
  std::optional<std::chrono::nanoseconds> at_work(std::size_t block,
                                                  std::chrono::steady_clock::time_point now) const;
  /// Doubles what a wire holds. False if it holds as much as it can.
  bool deepen(std::size_t wire);
  /// Its writer waits for its reader.
  bool waits(std::size_t wire) const;
  /// Its writer waits no longer, and drops what its reader does not take, for good. False if that
  /// is not what the wire's `stall:` says, or was done before.
  bool let_drop(std::size_t wire);

  struct Damage {
    std::size_t block;  ///< whose page it is, who alone can write there
    std::string what;
  };
  /// A block that wrote over memory that it shares; each is told once.
  std::optional<Damage> look_for_damage();

  const wire::StatusPage& status(std::size_t block) const { return *blocks_[block].status; }
  /// All that the block's process has mapped, but what only its circuit's flow needs.
  Scene scene(std::size_t block) const;
  /// For so long the circuit runs.
  std::chrono::nanoseconds running(std::chrono::steady_clock::time_point now) const;
  void fill(RunStats& stats) const;
  std::uint32_t depth(std::size_t wire) const;  ///< as it is now

 private:
  struct SharedPage {
    FileDescriptor fd;
    wire::Mapping mapping;
  };
  struct Pool {
    SharedPage control;
    FileDescriptor payload;
    const wire::WriterPage* page = nullptr;
    std::unique_ptr<WriterPageWatch> watch;
    std::uint32_t ring_size = 0, slots = 0;
    std::uint64_t stride = 0;
    std::vector<std::uint32_t> readers;  // their lines in the host's page: wires, then observers
  };
  struct Reader {
    SharedPage page_bytes;
    const wire::ReaderPage* page = nullptr;
    std::unique_ptr<ReaderPageWatch> watch;  // none of an observer, who is no block
    bool let_go = false;                     // it is not waited for since it stalled
  };
  struct BlockPages {
    SharedPage status_bytes;
    const wire::StatusPage* status = nullptr;
    std::unique_ptr<StatusPageWatch> watch;
    FileDescriptor eventfd;
    std::vector<std::size_t> inputs;   // wires
    std::vector<std::size_t> outputs;  // pools
    bool down = false;                 // no process of it runs, but one will
    bool gone = false;
    bool damaged = false;
  };

  static void add_read_only(Handover& handover, const FileDescriptor& fd);
  PageDamage damage_of(std::size_t block);
  void set_gate(std::size_t wire, wire::Gate gate);
  void make_status_page(BlockPages& block) const;
  void make_pools(const Plan& before, const std::vector<Pool>& pools_before);
  void make_pool(std::size_t output, const wire::WriterPage* before);
  std::uint32_t free_line() const;
  std::uint32_t free_worker_line(const std::vector<std::uint32_t>& before) const;
  void open(std::size_t wire);
  Reader& reader(std::size_t wire) { return readers_[lines_[wire]]; }
  const Reader& reader(std::size_t wire) const { return readers_[lines_[wire]]; }
  std::uint64_t origin_of(std::size_t output) const;
  Scene::Memory memory_of(std::size_t output) const;
  /// Of blocks that are gone; but what they sent on is read where they held it, as long as one of
  /// their readers is there.
  void give_back_holds();
  const AdmissionGroup* group_of(std::size_t source) const;

  const Plan& plan_;
  const bool eventfds_;
  SharedPage host_bytes_;
  wire::HostPage* host_ = nullptr;
  std::vector<Pool> pools_;      // by output of the plan
  std::vector<Reader> readers_;  // by line of the host's page
  std::vector<BlockPages> blocks_;
  std::vector<std::uint32_t> lines_, worker_lines_;  // of each wire, of each block
  std::uint64_t next_pool_ = 0;
};

/// Places for observers in each pool.
inline constexpr std::uint32_t kObservers = 2;

}  // namespace vcengine
