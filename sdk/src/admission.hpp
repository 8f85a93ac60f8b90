/// A live source whose frames meet again further down lets each frame in for all its branches, or
/// drops it for all: branches that drop on their own hardly ever keep the same frames.
///
/// The newest frame is kept unpublished until the blocks that it goes through are ready for it, or
/// will be when it reaches them; a newer one takes its place, and it counts as `busy`. So no frame
/// grows old in a queue, and the slowest block never waits for one. How far those blocks are they
/// say in their status pages (`done`, `work`).
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "vcengine/frame.hpp"
#include "wire/futex.hpp"
#include "wire/layout.hpp"

namespace vcengine::detail {

class PortWriter;

/// When may the next frame go in?
class AdmissionForecast {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  struct Member {
    const wire::StatusPage* status = nullptr;
    std::vector<std::size_t> after;  ///< members before it, whose frames it takes
    bool joins = false;              ///< may wait for frames of another source, too
  };

  /// Members come after those whose frames they take.
  explicit AdmissionForecast(std::vector<Member> members);

  void admitted(Stamp stamp, TimePoint now);
  /// The moment at which a frame let in would be worked on without waiting anywhere; max(): not
  /// before a member has got further. What is past says: now.
  TimePoint ready_at(TimePoint now);
  const std::vector<Member>& members() const noexcept { return members_; }

 private:
  struct State {
    std::uint64_t done = 0;
    std::size_t backlog = 0;                    ///< frames let in that are not behind it yet
    std::chrono::nanoseconds work{0}, lead{0};  ///< of one frame; from the source to this member
  };

  void look(TimePoint now);

  std::vector<Member> members_;
  std::vector<State> states_;
  std::vector<std::int64_t> in_flight_;  // stamps
  TimePoint last_event_;                 // a frame was let in, or a member got further
  TimePoint last_admitted_;
};

class Admission {
 public:
  using TimePoint = AdmissionForecast::TimePoint;

  struct Frame {
    PortWriter* writer;
    std::uint32_t slot;
    FrameHeader header;
  };

  /// Host and status pages outlive it. `busy`: counts the frames dropped.
  Admission(std::vector<AdmissionForecast::Member> members, const wire::HostPage& host,
            wire::Word64& busy);
  ~Admission();
  Admission(const Admission&) = delete;
  Admission& operator=(const Admission&) = delete;

  /// Guards the rings of all outputs of the source: frames leave on a thread of their own while
  /// the block waits for its device.
  std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }

  /// A frame of the call of process() that goes on.
  void stage(Frame frame);
  std::size_t staged_by(const PortWriter& writer) const;
  /// Of its frame that waits to be let in. Needs the lock.
  std::optional<Stamp> pending_stamp(const PortWriter& writer) const;
  /// The call is over: its frames are the newest, to be let in together.
  void commit();
  /// At the end of the data: returns when the last frame went in, or the circuit stops.
  void finish();

 private:
  void run();
  TimePoint try_admit(TimePoint now);
  bool has_space() const;
  void publish_pending(TimePoint now);
  void drop_pending();
  TimePoint worth_waiting_until(TimePoint now) const;
  void rest(std::unique_lock<std::mutex>& guard, TimePoint until);
  bool must_stop() const noexcept;
  void wake();

  AdmissionForecast forecast_;
  const wire::HostPage& host_;
  wire::Word64& busy_;
  std::mutex mutex_;
  std::condition_variable went_in_;
  std::condition_variable changed_;  // for the thread, where futex_waitv is missing
  std::vector<Frame> staged_;        // main thread only
  std::vector<Frame> pending_;       // guarded, as all below
  TimePoint pending_since_;
  std::chrono::nanoseconds period_{0};  // between commits, usually; 0: not known yet
  bool ending_ = false;
  wire::Word32 wake_{0};  // for the thread
  const bool has_waitv_ = wire::has_futex_waitv();
  std::vector<wire::Sleep> sleeps_;  // the thread's
  std::thread thread_;               // last: it uses all the others
};

}  // namespace vcengine::detail
