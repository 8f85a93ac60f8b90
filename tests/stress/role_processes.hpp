/// The processes of a stress test: started, told what to do, killed and reaped. [one thread]
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "engine/control/channel.hpp"
#include "tests/stress/stress_roles.hpp"
#include "wire/layout.hpp"
#include "wire/segment.hpp"

namespace vcengine::test {

/// Where a process of ours is found.
using Place = std::size_t;

/// What processes sleep on: the words of shared pages, or where futex_waitv is missing an eventfd
/// each.
enum class SleepsOn { futexes, eventfds };

/// A process that kill_soon() was called for has died; so far nobody has buried it.
struct DiedSoon final : std::exception {
  explicit DiedSoon(Place where) : place(where) {}
  const char* what() const noexcept override { return "a process was killed"; }
  Place place;
};

class RoleProcesses {
 public:
  RoleProcesses(std::size_t places, std::uint32_t wires, SleepsOn sleep);
  virtual ~RoleProcesses();
  RoleProcesses(const RoleProcesses&) = delete;
  RoleProcesses& operator=(const RoleProcesses&) = delete;

  virtual std::string name_of(Place place) const = 0;
  std::size_t places() const { return processes_.size(); }
  bool runs(Place place) const { return processes_[place].pid != 0; }
  /// SIGKILL while something else is done that needs this process.
  void kill_soon(Place place, std::chrono::microseconds after);
  /// Of those that are killed next: the successors of these go on with the same pages, all others
  /// get new ones.
  void leave_pages(const std::vector<Place>& places);
  /// Throws what a process complained of, or if one ended that nobody killed.
  void check_processes();
  std::uint64_t told() const { return told_; }

 protected:
  struct Process {
    pid_t pid = 0;
    Channel channel;
    std::uint64_t started_at = 0;  // head or next at its start
    bool taken_over = false;       // by its successor, or it will be
    std::jthread killer;
  };
  struct File {
    FileDescriptor fd;
    wire::Mapping mapping;  // read-only
  };
  struct Generation {
    explicit Generation(const wire::PoolConfig& config);

    const wire::WriterPage& page() const;
    std::vector<int> files() const { return {control.fd.get(), payload.get()}; }

    File control;
    FileDescriptor payload;
    std::uint64_t first;
  };
  struct Reader {
    File page;
    const wire::ReaderPage* view = nullptr;
    std::uint64_t taken_to = 0;     // by one that was killed
    std::uint64_t lost_before = 0;  // in crashes before its own
  };

  static File make_reader_page(const wire::ReaderConfig& config);
  /// The first frame that this reader, or its successor on the same page, does not have behind it.
  static std::uint64_t position_of(const Reader& reader);
  /// This reader's generations of a pool, the oldest that it still needs first.
  static void append_undrained(std::vector<int>& files, const std::deque<Generation>& generations,
                               const Reader& reader);
  /// Throws if a reader that took over begins elsewhere than its predecessor ended, or counts as
  /// lost what that one did not have in work.
  void check_taken_over(Place place, const Reader& reader) const;
  static void append(std::vector<int>& files, const Generation& generation);

  void spawn(Place place, const std::string& role, Manners manners);
  void send(Place place, const std::string& op, const std::vector<int>& files = {},
            JsonObject body = {});
  /// The host's page, these, and the eventfds: its own and those of whom it wakes.
  void send_others(Place place, const std::vector<int>& files, const std::vector<Place>& wakes,
                   JsonObject body = {});
  /// Its answer to what it was sent. Throws if that is a complaint.
  JsonObject answer_of(Place place);
  void kill_now(const std::vector<Place>& victims);
  /// Does the successor of this one go on with its pages?
  bool takes_over(Place place) const { return processes_[place].taken_over; }
  /// What a reader left that was killed.
  static void note_end_of(Reader& reader);
  /// Waits until it has ended, and hears what it complained of before.
  void reap(Place place);
  /// Closes the connections of all these, which makes them end.
  void dismiss(const std::vector<Place>& places);
  wire::WireLine& line(std::size_t wire) { return host_->wire()[wire]; }
  void ring();

  std::vector<Process> processes_;

 private:
  void complain_or_note(Place place, const JsonObject& message);
  void hear(Place place);

  const SleepsOn sleep_;
  FileDescriptor host_fd_;
  wire::Mapping host_bytes_;
  wire::HostPage* host_ = nullptr;
  std::vector<FileDescriptor> eventfds_;  // by place; none where futexes are slept on
  std::uint64_t told_ = 0;
};

/// Polls. Throws if it takes longer than anything here can.
void wait_until(const std::function<bool()>& condition, const std::string& what);

}  // namespace vcengine::test
