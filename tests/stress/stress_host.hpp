/// The host of one pool: sets up its pages in the order of the wire format, starts the processes,
/// kills them, and does what a host does about their deaths. [one thread]
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/control/channel.hpp"
#include "tests/stress/stress_roles.hpp"
#include "wire/layout.hpp"
#include "wire/segment.hpp"

namespace vcengine::test {

class StressHost {
 public:
  struct ReaderSpec {
    wire::Policy policy;
    std::uint32_t depth;
    Manners manners = Manners::good;
  };
  /// Where a process of ours is found: the writer, the readers, the observers.
  using Place = std::size_t;
  static constexpr Place kWriter = 0;

  StressHost(std::vector<ReaderSpec> readers, std::uint32_t observers,
             Manners writer = Manners::good);
  ~StressHost();

  void start();
  std::size_t places() const { return processes_.size(); }
  bool is_reader(Place place) const { return place > kWriter && place <= specs_.size(); }
  bool is_observer(Place place) const { return place > specs_.size(); }
  std::string name_of(Place place) const;
  bool runs(Place place) const { return processes_[place].pid != 0; }

  void start_observer(Place place);
  /// Asks it to go, and waits until it has.
  void stop_observer(Place place);
  /// SIGKILL, to all of them at once, then their burial.
  void kill(const std::vector<Place>& places);
  /// Successors for the writer and the readers among them.
  void replace(const std::vector<Place>& places);
  /// A reader that nobody succeeds: its writer waits for it no longer.
  void give_up(Place place);
  /// Has this process moved frames since it was started?
  bool flows(Place place) const;
  /// Does anything move: the head, or a reader's next?
  std::uint64_t progress() const;
  std::uint64_t head() const;
  /// Throws what a process complained of, or if one ended that nobody killed.
  void check_processes();
  /// The writer ends; all readers come to the end with every frame accounted for.
  void end();

  std::uint64_t generations() const { return generation_; }
  std::uint64_t told() const { return told_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Process {
    pid_t pid = 0;
    Channel channel;
    std::uint64_t started_at = 0;  // head or next at its start
  };
  struct File {
    FileDescriptor fd;
    wire::Mapping mapping;  // read-only
  };
  struct Generation {
    File control;
    FileDescriptor payload;
    std::uint64_t first = 1;
  };
  struct Reader {
    File page;
    const wire::ReaderPage* view = nullptr;
    std::uint64_t taken_to = 0;  // by one that was killed
  };

  void spawn(Place place, const std::string& role, Manners manners);
  void bury(Place place);
  void send(Place place, const std::string& op, const std::vector<int>& files = {},
            JsonObject body = {});
  /// Its answer to what it was sent. Throws if that is a complaint.
  JsonObject answer_of(Place place);
  void complain_or_note(Place place, const JsonObject& message);
  void make_generation();
  void make_page(Place reader, std::uint64_t join);
  void set_up_writer();
  void set_up_reader(Place reader);
  void replace_writer();
  void replace_reader(Place reader);
  void forget_drained_generations();
  wire::WireLine& line(Place reader) { return host_->wire()[reader - 1]; }
  const wire::WriterPage& newest() const;
  void ring();

  const std::vector<ReaderSpec> specs_;
  const std::uint32_t observers_;
  const Manners writer_manners_;
  wire::PoolConfig config_;
  FileDescriptor host_fd_;
  wire::Mapping host_bytes_;
  wire::HostPage* host_ = nullptr;
  std::deque<Generation> generations_;
  std::vector<Reader> readers_;  // and observers' pages
  std::vector<Process> processes_;
  std::uint64_t generation_ = 0;
  std::uint64_t told_ = 0;
};

/// Polls. Throws if it takes longer than anything here can.
void wait_until(const std::function<bool()>& condition, const std::string& what);

}  // namespace vcengine::test
