#include "tests/stress/stress_roles.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <time.h>

#include <functional>

#include "tests/stress/role.hpp"
#include "tests/stress/stress_frame.hpp"
#include "vcengine/observer.hpp"
#include "wire/ring.hpp"

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;

namespace {

class WriterRole final : public Role {
 public:
  using Role::Role;

 private:
  void map_own(Message& message) override {
    control_ = maps_->add(message.descriptors.at(0), Access::read_write);
    payload_ = maps_->add(message.descriptors.at(1), Access::read_write);
    own_bytes_ = {control_, payload_};
  }

  void map_others(Message& message) override {
    map_host(message);
    for (std::size_t i = 1; i < message.descriptors.size(); ++i) {
      pages_.emplace_back(message.descriptors[i].get(), Access::read_only);
    }
    start_ring();
  }

  void start_ring() {
    std::vector<RingWriter::Reader> readers;
    for (std::size_t i = 0; i < pages_.size(); ++i) {
      readers.push_back({&reader_page(pages_[i].bytes()), &host_->wire()[i]});
    }
    ring_.emplace(writer_page(control_), payload_, readers, *doorbell_);
  }

  /// A frame comes that is larger than a slot: the host makes the next generation meanwhile.
  void roll() {
    tell("waiting");
    auto own = wait_for("map_own");
    map_own(own);
    start_ring();
    tell("mapped");
    wait_for("run");
    has_large_ = true;
  }

  void handle(Message& message) override {
    const auto op = text_of(message.body, "op");
    if (op == "replace") {
      const auto index = static_cast<std::size_t>(integer_of(message.body, "reader"));
      Mapping page(message.descriptors.at(0).get(), Access::read_only);
      ring_->replace_reader(index, {&reader_page(page.bytes()), &host_->wire()[index]});
      pages_.at(index) = std::move(page);
      tell("replaced");
    } else if (op == "add") {
      Mapping page(message.descriptors.at(0).get(), Access::read_only);
      const auto join =
          ring_->add_reader({&reader_page(page.bytes()), &host_->wire()[pages_.size()]});
      pages_.push_back(std::move(page));
      tell("added", {{"join", join}});
    } else if (op == "roll") {
      pages_.resize(static_cast<std::size_t>(integer_of(message.body, "pages")));
      roll();
    } else if (op == "end") {
      ring_->end();
      ended_ = true;
    }
  }

  void act() override {
    while (!host_rang()) {
      const auto ready = [this] { return host_rang() || (!ended_ && ring_->has_space()); };
      if (ended_ || !ring_->has_space()) {
        waiter_->wait_for_space(*ring_, ready);
        continue;
      }
      const auto slot = ring_->try_loan();
      if (!slot) throw Broken("the writer starves");
      const auto sequence = ring_->head() + 1;
      const std::size_t size =
          std::exchange(has_large_, false) ? ring_->stride() : stress_size(sequence);
      const auto header = fill_stress_frame(ring_->slot_data(*slot), sequence, size);
      ring_->publish(*slot, header);
    }
  }

  /// An entry for the next frame of each reader, with something wrong in most of them.
  void lie(std::mt19937_64& random) override {
    auto& page = writer_page(control_);
    const auto slots = page.header.slots;
    for (const auto& mapping : pages_) {
      const auto next = reader_page(mapping.bytes()).next.load();
      auto& line = page.ring()[next & (page.header.ring_size - 1)];
      const std::uint64_t sizes[] = {64, page.header.stride, random() % (2 * page.header.stride),
                                     random()};
      const std::uint64_t places[] = {random() % slots, random() % slots, random() % (2 * slots),
                                      random() % 0xffff'ffff};
      line.tag.store(0);
      line.size.store(sizes[random() % 4]);
      line.stamp.store(random() % 8 == 0 ? random() : next);
      line.born.store(0);
      line.kind.store(random() % 8 == 0 ? random() % 4 : 0);
      line.tag.store(next << 32 | (places[random() % 4] + 1));
      page.valid_from.store(std::min(page.valid_from.load(), next));
      page.head.store(std::max(page.head.load(), next));
    }
    page.bell.fetch_add(1);
    futex_wake(page.bell);
  }

  std::span<std::byte> control_, payload_;
  std::vector<Mapping> pages_;  // by reader
  std::optional<RingWriter> ring_;
  bool has_large_ = false;
  bool ended_ = false;
};

class ReaderRole final : public Role {
 public:
  using Role::Role;

 private:
  void map_own(Message& message) override {
    auto bytes = maps_->add(message.descriptors.at(0), Access::read_write);
    page_ = &reader_page(bytes);
    own_bytes_ = {bytes};
    // Behind what a predecessor took.
    ReaderConfig successor;
    successor.succeed(*page_);
    last_ = successor.join - 1;
  }

  /// The host's page, then control and payload of each generation that is still of use.
  void map_others(Message& message) override {
    map_host(message);
    const auto& files = message.descriptors;
    const auto origins = 2 * static_cast<std::size_t>(integer_of(message.body, "origins"));
    for (std::size_t i = 1; i + origins < files.size(); i += 2) {
      map_generation(files[i], files[i + 1]);
    }
    for (auto i = files.size() - origins; i < files.size(); i += 2) {
      add_origin(files[i], files[i + 1]);
    }
  }

  void map_generation(const FileDescriptor& control_file, const FileDescriptor& payload_file) {
    auto memory = std::make_shared<Maps>();
    const auto control = memory->add(control_file, Access::read_only);
    const auto payload = memory->add(payload_file, Access::read_only);
    if (rings_.empty()) {
      rings_.push_back(std::make_shared<RingReader>(*page_, control, payload,
                                                    host_->wire()[page_->header.wire], *doorbell_,
                                                    std::move(memory)));
      rings_[0]->lose_unfinished();
      rings_[0]->let_go_inherited();
    } else {
      rings_[0]->succeed(control, payload, std::move(memory));
    }
  }

  void handle(Message& message) override {
    const auto op = text_of(message.body, "op");
    if (op == "succeed") {
      map_generation(message.descriptors.at(0), message.descriptors.at(1));
    } else if (op == "origin") {
      add_origin(message.descriptors.at(0), message.descriptors.at(1));
      tell("mapped");
    } else if (op == "drain") {
      auto status = Status::frame;
      while (take_one(status)) {
      }
      held_.clear();
      tell("drained");
    }
  }

  /// Frames may come whose payload is in this generation of another pool.
  void add_origin(const FileDescriptor& control, const FileDescriptor& payload) {
    rings_.at(0)->add_origin(map_payload(*maps_, control, payload));
    sent_on_ = true;
  }

  void act() override {
    while (!host_rang()) {
      try {
        if (!take()) return;
      } catch (const WireCorrupt&) {
        if (manners_ != Manners::unmoved) throw;
        if (++corrupt_ == 1) tell("told");
        held_.clear();
        for (auto& hold : page_->hold) hold.store(0);
      }
    }
  }

  /// False once all is over.
  bool take() {
    auto& ring = *rings_[0];
    auto status = Status::frame;
    if (take_one(status)) return true;
    if (status == Status::too_many_held) {
      if (manners_ != Manners::unmoved) throw Broken("a hold was lost");
      // "Wire corrupt" leaves the hold: who is told so reads no further, but we do.
      held_.clear();
      for (auto& hold : page_->hold) hold.store(0);
      return true;
    }
    if (status == Status::ended && manners_ != Manners::unmoved && !ended_) {
      ended_ = true;
      held_.clear();
      tell("ended", {{"next", page_->next.load()}, {"taken", taken_}});
    }
    FrameHeader header;
    waiter_->wait_for_frames(
        rings_, [&] { return host_rang() || (!ended_ && ring.peek(header) != Status::empty); },
        kForever);
    return true;
  }

  bool take_one(Status& status) {
    FrameRef frame;
    status = rings_[0]->take(frame);
    if (status != Status::frame) return false;
    check(frame);
    rings_[0]->complete();
    held_.push_back(std::move(frame));
    if (held_.size() > 2) held_.pop_front();
    return true;
  }

  void check(const FrameRef& frame) {
    const auto sequence = frame.header().sequence;
    const bool lossless = page_->header.policy == static_cast<std::uint32_t>(Policy::wait);
    touch_ends(frame);
    std::optional<std::string> complaint = complaint_about(frame, sent_on_);
    for (const auto& kept : held_) {
      if (!complaint) complaint = complaint_about(kept, sent_on_);
    }
    if (!complaint && (lossless ? sequence != last_ + 1 : sequence <= last_)) {
      complaint = "frame " + std::to_string(sequence) + " came after " + std::to_string(last_);
    }
    last_ = sequence;
    ++taken_;
    if (complaint && manners_ != Manners::unmoved) throw Broken(*complaint);
  }

  /// Whatever a header says, the payload is memory of the pool.
  static void touch_ends(const FrameRef& frame) {
    const auto payload = frame.payload();
    if (payload.empty()) return;
    for (const volatile auto* end : {&payload.front(), &payload.back()}) {
      [[maybe_unused]] const auto byte = *end;
    }
  }

  ReaderPage* page_ = nullptr;
  std::vector<std::shared_ptr<RingReader>> rings_;  // one
  std::deque<FrameRef> held_;
  std::uint64_t last_ = 0, taken_ = 0, corrupt_ = 0;
  bool ended_ = false;
  bool sent_on_ = false;
};

/// Looks for as long as its connection is open.
class ObserverRole final : public Role {
 public:
  using Role::Role;

 private:
  void map_own(Message& message) override {
    place_ = static_cast<std::uint32_t>(integer_of(message.body, "place"));
    own_page_ = std::move(message.descriptors.at(0));
  }

  void map_others(Message& message) override {
    map_host(message);
    Observer::Descriptors files{.writer_page = message.descriptors.at(1).get(),
                                .payload = message.descriptors.at(2).get(),
                                .own_page = own_page_.get(),
                                .host_page = message.descriptors.at(0).get(),
                                .reader_pages = {}};
    for (std::size_t i = 3; i < message.descriptors.size(); ++i) {
      files.reader_pages.push_back(message.descriptors[i].get());
    }
    observer_.emplace(files, place_);
  }

  void handle(Message&) override {}

  void act() override {
    try {
      look();
    } catch (const WireCorrupt&) {
      if (manners_ != Manners::unmoved) throw;
    } catch (const TooManyHeld&) {  // "wire corrupt" leaves the hold, see the readers
      if (manners_ != Manners::unmoved) throw;
    }
    const timespec moment{.tv_sec = 0, .tv_nsec = 100'000};
    ::nanosleep(&moment, nullptr);  // its own rate: it polls
  }

  void look() {
    observer_->counts();
    auto frame = observer_->newest();
    if (!frame) return;
    if (const auto complaint = complaint_about(*frame); complaint && manners_ != Manners::unmoved) {
      throw Broken("an observer: " + *complaint);
    }
    if (frame->header().sequence <= last_) throw Broken("an observer saw a frame twice");
    last_ = manners_ == Manners::unmoved ? 0 : frame->header().sequence;
  }

  std::uint32_t place_ = 0;
  FileDescriptor own_page_;
  std::optional<Observer> observer_;
  std::uint64_t last_ = 0;
};

std::unique_ptr<Role> make_role(const std::string& role, Manners manners) {
  if (role == "writer") return std::make_unique<WriterRole>(manners);
  if (role == "reader") return std::make_unique<ReaderRole>(manners);
  if (role == "forwarder") return make_forwarder(manners);
  return std::make_unique<ObserverRole>(manners);
}

}  // namespace

int play_role(const std::string& name, Manners manners) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto role = make_role(name, manners);
  try {
    role->play();
  } catch (const Over&) {
    return 0;
  } catch (const std::exception& error) {
    const Channel channel{FileDescriptor(::dup(kRoleSocket))};
    channel.send({{"op", "violation"}, {"text", name + ": " + error.what()}});
    return 1;
  }
  return 0;
}

}  // namespace vcengine::test
