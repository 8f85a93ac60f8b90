/// Makes capsules of blocks that die, beside the circuit, which goes on. [host]
///
/// Two threads: the host's, and one for the capsule that is being made. Order of a capsule:
///  1. begin(), on the host's thread: pages are copied, 20 KB a wire, and the frames found in them.
///  2. On the other thread: the frames are copied out of the wires, whose slots nobody uses again
///     as long as the dead holds them. Whoever could end that is told to keep them, or waits:
///     hold_up().
///  3. After that nothing waits any more: the source line of the crash is looked for, files are
///     written.
/// `stage_` goes from idle to copying (host), then either to copied (other thread) or to given_up
/// (host, when somebody has waited for long enough), by one exchange: whoever comes first. done is
/// stored [rel] by the other thread as its last act; the host [acq] then takes `job_` back.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/capsule/capsule.hpp"
#include "engine/capsule/capsule_folder.hpp"
#include "engine/capsule/scene.hpp"
#include "engine/crash/crash_report.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

class CapsuleRecorder {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::chrono::seconds kEvery{1};  ///< at most one of a block

  /// Without a folder no capsules are made. Throws std::system_error.
  CapsuleRecorder(std::optional<CapsuleFolder> folder, CapsuleLimits limits);
  ~CapsuleRecorder();
  CapsuleRecorder(const CapsuleRecorder&) = delete;
  CapsuleRecorder& operator=(const CapsuleRecorder&) = delete;

  /// `capsule` has all but pages and frames, which are in `scene`; of a crash, what happened is
  /// known later. One at a time and one of a block every second: what comes too early is counted.
  /// True: frames of it are being copied.
  bool begin(Capsule capsule, const Scene& scene, std::shared_future<CrashInfo> crash,
             Clock::time_point now);
  bool is_copying() const { return stage_.load(std::memory_order_acquire) == Stage::copying; }

  /// Are frames of this block being copied? Then somebody waits for that from now on, and not for
  /// ever.
  bool hold_up(const std::string& block, Clock::time_point now);
  /// When he has waited for too long; max: nobody waits.
  Clock::time_point deadline() const;
  /// Gives up what has taken too long.
  void look(Clock::time_point now);
  /// Waits for the copying, but not for too long: what it copies is about to be let go.
  void finish_copying();

  int fd() const noexcept { return ready_.get(); }  ///< readable when something is over
  /// Lines for the user.
  std::vector<std::string> take_notes();
  /// The same, waiting for the capsule that is being written.
  std::vector<std::string> finish();

 private:
  enum class Stage : std::uint8_t { idle, copying, copied, given_up, done };
  struct Part {
    std::size_t input = 0;
    FileDescriptor file;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  struct Job {
    Capsule capsule;
    std::vector<Part> parts;
    std::shared_future<CrashInfo> crash;
    Clock::time_point deadline;
    std::string path;     // where it is, for a shell; empty: there is none
    std::string problem;  // why
  };

  bool is_busy() const;
  void copy_pages(const Scene& scene);
  void run() noexcept;
  bool copy_frames();
  bool copy(const Part& part);
  void write();
  void take_result();

  const std::optional<CapsuleFolder> folder_;
  const CapsuleLimits limits_;
  FileDescriptor ready_;
  std::atomic<Stage> stage_{Stage::idle};
  Job job_;
  std::map<std::string, Clock::time_point> last_;  // by block
  std::map<std::string, std::uint64_t> skipped_;
  std::vector<std::string> notes_;
  std::jthread thread_;  // last: it ends before the rest does
};

}  // namespace vcengine
