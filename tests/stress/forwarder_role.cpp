#include "tests/stress/role.hpp"
#include "wire/ring.hpp"

namespace vcengine::test {

using namespace wire;
using Status = RingReader::Status;

namespace {

/// One frame in so many is copied, as a block does that has changed it.
constexpr std::uint64_t kCopied = 16;
constexpr std::chrono::milliseconds kAgain{1};

class ForwarderRole final : public Role {
 public:
  using Role::Role;

 private:
  /// Its page in the origin; control and payload of its own pool.
  void map_own(Message& message) override {
    page_ = &reader_page(maps_->add(message.descriptors.at(0), Access::read_write));
    control_ = maps_->add(message.descriptors.at(1), Access::read_write);
    payload_ = maps_->add(message.descriptors.at(2), Access::read_write);
  }

  /// The host's page, those of its own readers, then control and payload of each generation of the
  /// origin that is still of use.
  void map_others(Message& message) override {
    map_host(message);
    const auto& files = message.descriptors;
    const auto count = static_cast<std::size_t>(integer_of(message.body, "readers"));
    std::vector<RingWriter::Reader> readers;
    for (std::size_t i = 0; i < count; ++i) {
      pages_.emplace_back(files.at(1 + i).get(), Access::read_only);
      readers.push_back({&reader_page(pages_.back().bytes()), &host_->wire()[1 + i]});
    }
    out_.emplace(writer_page(control_), payload_, readers, *doorbell_);
    forwards_ = static_cast<std::uint32_t>(integer_of(message.body, "forwarded"));
    for (auto i = 1 + count; i + 1 < files.size(); i += 2) map_generation(files[i], files[i + 1]);
  }

  void map_generation(const FileDescriptor& control, const FileDescriptor& payload) {
    auto memory = std::make_shared<Maps>();
    const auto view = map_payload(*memory, control, payload);
    const auto page = memory->add(control, Access::read_only);
    origins_.push_back(view.origin);
    out_->allow_forwarding({.origins = origins_, .frames = forwards_});
    if (in_.empty()) {
      in_.push_back(std::make_shared<RingReader>(*page_, page, view.bytes, host_->wire()[0],
                                                 *doorbell_, std::move(memory)));
      in_[0]->lose_unfinished();
    } else {
      in_[0]->succeed(page, view.bytes, std::move(memory));
    }
  }

  void handle(Message& message) override {
    const auto op = text_of(message.body, "op");
    if (op == "succeed") {
      map_generation(message.descriptors.at(0), message.descriptors.at(1));
    } else if (op == "replace") {
      const auto index = static_cast<std::size_t>(integer_of(message.body, "reader"));
      Mapping page(message.descriptors.at(0).get(), Access::read_only);
      out_->replace_reader(index, {&reader_page(page.bytes()), &host_->wire()[1 + index]});
      pages_.at(index) = std::move(page);
      tell("replaced");
    }
  }

  void act() override {
    while (!host_rang()) {
      const auto has_space = [this] { return host_rang() || out_->has_space(); };
      if (!out_->has_space()) {
        waiter_->wait_for_space(*out_, has_space);
        continue;
      }
      let_go_inherited();
      FrameRef frame;
      const auto status = in_[0]->take(frame);
      if (status == Status::too_many_held) {
        wait_for_place();
        continue;
      }
      if (status == Status::frame) {
        send_on(std::move(frame));
        in_[0]->complete();
        continue;
      }
      if (status == Status::ended && !ended_) {
        ended_ = true;
        out_->end();
        tell("ended", {{"forwarded", forwarded_}, {"copied", copied_}});
      }
      FrameHeader header;
      waiter_->wait_for_frames(
          in_, [&] { return host_rang() || (!ended_ && in_[0]->peek(header) != Status::empty); },
          kForever);
    }
  }

  void let_go_inherited() {
    if (in_[0]->holds_inherited() && !out_->inherited_in_use()) in_[0]->let_go_inherited();
  }

  /// Its hold table is full of what a predecessor sent on. Nobody rings when that is read: as a
  /// block does, it looks again.
  void wait_for_place() {
    if (!in_[0]->holds_inherited()) throw Broken("what was sent on is held for ever");
    const auto rung = [this] { return host_rang(); };
    waiter_->wait_for_frames(in_, rung, std::chrono::steady_clock::now() + kAgain);
  }

  void send_on(FrameRef frame) {
    const auto header = frame.header();
    if (header.sequence % kCopied != 0 && out_->may_forward(frame)) {
      ++forwarded_;
      out_->forward(std::move(frame), header);
      return;
    }
    ++copied_;
    const auto slot = out_->try_loan();
    if (!slot) throw Broken("the forwarder starves");
    std::ranges::copy(frame.payload(), out_->slot_data(*slot));
    out_->publish(*slot, header);
  }

  ReaderPage* page_ = nullptr;
  std::span<std::byte> control_, payload_;
  std::vector<Mapping> pages_;
  std::optional<RingWriter> out_;
  std::vector<std::shared_ptr<RingReader>> in_;  // one
  std::vector<std::uint64_t> origins_;
  std::uint32_t forwards_ = 0;  // at once
  std::uint64_t forwarded_ = 0, copied_ = 0;
  bool ended_ = false;
};

}  // namespace

PayloadView map_payload(Maps& maps, const FileDescriptor& control, const FileDescriptor& payload) {
  const auto header = checked_writer_header(maps.add(control, Access::read_only));
  return {.origin = origin_of(header.pool, header.generation),
          .bytes = maps.add(payload, Access::read_only),
          .slots = header.slots,
          .stride = header.stride};
}

std::unique_ptr<Role> make_forwarder(Manners manners) {
  return std::make_unique<ForwarderRole>(manners);
}

}  // namespace vcengine::test
