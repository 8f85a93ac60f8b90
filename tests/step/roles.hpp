/// The two ends of a wire as this harness plays them: each frame's payload tells its sequence, and
/// whoever takes one looks at every word of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "tests/sdk/test_pool.hpp"
#include "wire/waiter.hpp"

namespace vcengine::test {

/// What comes while the stepped process works. Its writer says when it is ready for that.
struct Coming {
  enum class Reader {
    nobody,
    newcomer,   ///< the last of the wires
    successor,  ///< of the first
  };
  Reader reader = Reader::nobody;
  bool generation = false;  ///< the next one
};

/// The memory files of one pool. Each process maps them for itself: mappings do not survive a fork.
struct PoolFiles {
  explicit PoolFiles(const std::vector<wire::ReaderSpec>& specs, Coming coming = {},
                     const wire::PoolConfig& shape = small_pool());

  static wire::PoolConfig small_pool();

  std::vector<wire::ReaderSpec> specs;
  Coming coming;
  wire::PoolConfig config;
  FileDescriptor control, payload, host;
  std::vector<FileDescriptor> pages;          // by reader, of those that are there from the start
  FileDescriptor comers_page;                 // of the reader that comes
  FileDescriptor answer;                      // one word in the place of a socket
  FileDescriptor next_control, next_payload;  // of the generation that comes
};

/// What becomes of the frame that a reader had in work when it died.
enum class Unfinished { lost, taken_again };

class Writing {
 public:
  Writing(wire::WriterPage& page, std::span<std::byte> payload,
          const std::vector<wire::RingWriter::Reader>& readers, wire::Doorbell& doorbell)
      : ring(page, payload, readers, doorbell) {}

  /// A slot with the payload of the next frame in it. Throws Violation if there is none.
  std::uint32_t loan_filled();
  void publish_one();
  /// What a writer may do that has no space, and more: loans all there is, so that it has to take
  /// back what it can, writes into it and gives it back.
  void scribble();
  /// All of a sleep for space but the system call.
  void fall_asleep();
  /// Throws Violation if there is space and nobody rang.
  void wake_up();
  /// One of the two, whatever the protocol allows. False if there was no space.
  bool go_on_alone();
  /// Loans all that are free, writes into them, and keeps them until give_back_all().
  void hoard();
  void give_back_all();
  /// How many slots can be loaned now. Afterwards none can.
  std::uint32_t loan_all();

  wire::RingWriter ring;

 private:
  std::uint64_t rung() const;

  std::vector<std::uint32_t> hoard_;
  std::optional<std::uint64_t> asleep_on_;  // release bells, all together
};

class Reading {
 public:
  Reading(std::shared_ptr<wire::RingReader> reader, wire::Policy ends, const wire::WireLine& line,
          std::uint64_t from)
      : ring(std::move(reader)), policy(ends), join(from), last(from - 1), line_(line) {}

  /// Lets go of all but the newest `keep` frames, takes another one, looks at all. Throws
  /// Violation.
  wire::RingReader::Status take_one(std::size_t keep = 0);
  /// The frame that was just taken by other means.
  void check_taken(FrameRef frame);
  /// Counts the next frame as dropped.
  void skip_one();
  void check_held() const;
  /// All of a sleep but the system call: says so, and looks once more.
  void fall_asleep();
  /// Throws Violation if there is something to wake for and nobody did.
  void wake_up();
  /// Takes all there is; true once no more will come.
  bool has_read_all();
  /// Goes on with the page of a dead one: what that dropped is not ours.
  void inherit();
  /// The frame that the dead one had in work.
  void take_again();
  /// From now on frames are looked at that were sent on: each has the payload that its stamp names,
  /// whatever its number on this wire.
  void expect_sent_on() { sent_on_ = true; }
  /// Every frame from the first to `head` is taken or counted.
  void check_accounts(std::uint64_t head) const;

  std::shared_ptr<wire::RingReader> ring;
  const wire::Policy policy;
  std::uint64_t join;
  std::uint64_t last;  // sequence taken or skipped last
  std::uint64_t taken = 0;
  std::uint64_t skipped = 0;
  std::vector<FrameRef> held;

 private:
  /// It misses no frame. (Whoever was let go of once stays that.)
  bool is_waited_for() const;

  const wire::WireLine& line_;
  std::optional<std::uint32_t> asleep_on_;  // value of the bell
  std::uint64_t superseded_before_ = 0;     // by a predecessor
  bool sent_on_ = false;
};

/// The pool as one process sees it, and the roles that it plays. `host` may write to all pages; the
/// child of a trial to those of its role alone, as in a circuit. (An onlooker has none.)
class Cast {
 public:
  enum class Access { host, writer, first_reader, onlooker };

  Cast(const PoolFiles& files, Access access);

  /// Sends the frames that no reader is there for yet.
  void play_writer();
  void play_reader(std::size_t reader);

  /// Another reader in the place of a dead one, with a page of its own. A lossless one goes on
  /// where that was. The host has cleared `alive`.
  void play_successor(std::size_t reader);
  /// The writer's successor: the next generation, which all readers here go on to.
  void play_next_writer();
  /// The successor of a dead one on the same pages; the host has done nothing but reap that. Throws
  /// Violation unless it begins where that was, and counts what is lost: what was taken and not
  /// completed. (`taken_again`: where that is possible.)
  void take_over_writer();
  void take_over_reader(std::size_t reader, Unfinished unfinished = Unfinished::lost);

  /// Maps the next generation, for one of these: makes it, to be its writer, in two steps; or goes
  /// over to one that somebody else made.
  void map_next();
  void make_next();
  void write_next();
  void go_over();

  /// The writer tells the host, which lets in what comes. 0: it has not.
  void answer(std::uint64_t value) { word_of(memory_->answer).store(value); }
  std::uint64_t answered() const { return word_of(memory_->answer).load(); }
  wire::RingWriter::Reader comer() const;
  /// A reader that is played here dies and is reaped. Its successor's page says where that begins.
  void bury_first_reader();
  /// From `join` on, if it is a newcomer.
  void let_in(std::uint64_t join);
  bool is_in() const { return is_in_; }

  /// Of the newest generation.
  wire::WriterPage& writer_page() const { return wire::writer_page(memory_->control.bytes()); }
  wire::ReaderPage& reader_page(std::size_t i) const {
    return wire::reader_page(memory_->pages[i].bytes());
  }
  wire::HostPage& host() const { return wire::host_page(memory_->host.bytes()); }
  wire::WireLine& line(std::size_t i) const { return host().wire()[i]; }
  /// The memory that frames of the newest generation are in.
  wire::PayloadView payload() const;
  /// Frames that a reader took, as the host computes it: next - join - drops.
  std::int64_t taken_by_page(std::size_t reader) const;
  /// What the host does to a reader that stalls: its writer is to wait no longer.
  void let_go_of_reader(std::size_t reader);
  /// What the host does when something changed.
  void ring_host_bell();

  wire::SharedWaiter& waiter() { return waiter_; }
  /// Throws Violation if it was ended by patience instead of a wake-up.
  void check_sleeps() const;

  /// What may happen next where nobody else moves: each role does one thing that the protocol
  /// allows. False if no frame was sent or taken.
  bool go_on_alone();
  /// The writer, if played here, sends 50 more frames and the end; all readers read to the end.
  /// Every frame is accounted for.
  void finish();
  /// Throws unless all slots can be loaned but those of the newest frames: nobody holds or waits
  /// for anything any more.
  void check_slots();

  const PoolFiles& files;
  std::unique_ptr<Writing> writer;
  std::vector<std::unique_ptr<Reading>> readers;  // by reader; empty: played by somebody else

 private:
  void start_writer();
  void start_reader(std::size_t reader, std::uint64_t from);
  std::uint64_t join_of_successor(std::size_t reader) const;
  void read_to_end();

  struct Memory {
    Memory(const PoolFiles& files, Access access);

    wire::Mapping control, payload, host, answer;
    std::vector<wire::Mapping> pages;
    wire::Mapping comers_page;
    wire::Mapping buried;
  };

  static bool writes(Access access) { return access == Access::host || access == Access::writer; }
  static wire::Word64& word_of(const wire::Mapping& answer) {
    return *reinterpret_cast<wire::Word64*>(answer.bytes().data());
  }
  std::size_t comers_wire() const;
  void put_in_place(Memory& memory) const;

  const Access access_;
  bool is_in_ = false;
  bool has_next_;  // in the files
  std::shared_ptr<Memory> memory_;
  std::vector<std::shared_ptr<Memory>> retired_;  // generations before, in their order
  std::shared_ptr<Memory> next_;
  wire::FutexDoorbell doorbell_;
  wire::SharedWaiter waiter_;
  std::unique_ptr<Reading> buried_;
};

}  // namespace vcengine::test
