// A reader of a pool whose writer writes what it likes, also while the reader is at work: the
// reader says WireCorrupt or goes on, hands out nothing beyond the payload, and counts each frame
// once.
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "tests/fuzz/pages.hpp"
#include "vcengine/errors.hpp"

namespace vcengine::fuzz {
namespace {

using namespace wire;
using Status = RingReader::Status;

/// One generation of a pool, and who writes it.
class HostilePool {
 public:
  HostilePool(const PoolConfig& wanted, Input& input)
      : config(wanted),
        page_(writer_page_size(config.ring_size(), config.slots())),
        payload_(config.slots() * config.stride()),
        input_(input) {
    init_writer_page(page_.bytes(), config);
  }

  const PoolConfig config;

  std::span<std::byte> page() const { return page_.bytes(); }
  std::span<const std::byte> payload() const { return payload_.bytes(); }
  PayloadView view() const {
    return {.origin = origin_of(config.pool, config.generation),
            .bytes = payload(),
            .slots = config.slots(),
            .stride = config.stride()};
  }

  /// One thing that no writer should do, or one that it should.
  void write() {
    auto& words = this->words();
    const auto head = words.head.load();
    auto& line = words.ring()[input_.below(config.ring_size())];
    switch (input_.below(16)) {
      case 0:
        return words.head.store(input_.word(head));
      case 1:
        return words.valid_from.store(input_.word(head));
      case 2:
        return words.bound.store(input_.word(0));
      case 3:
        return words.end.store(input_.word(head + 1));
      case 4:
        return words.bell.store(input_.take<std::uint32_t>());
      case 5:
        return words.want.store(input_.take<std::uint8_t>());
      case 6:
        return scribble(input_, page_.bytes());
      case 7:
        return line.tag.store(input_.word(line.tag.load()));
      case 8:
        return line.size.store(input_.word(config.stride()));
      case 9:
        return line.kind.store(origin_of(input_.below(4), input_.below(4)));
      case 10:
        return line.stamp.store(input_.word(0));
      default:
        return publish(head + 1);
    }
  }

 private:
  WriterPage& words() const { return *reinterpret_cast<WriterPage*>(page_.bytes().data()); }

  void publish(std::uint64_t sequence) {
    auto& line = words().ring()[sequence & (config.ring_size() - 1)];
    const auto slot = input_.below(config.slots() + 1);  // one too many
    line.size.store(input_.flag() ? config.stride() : input_.word(config.stride()));
    line.stamp.store(sequence);
    line.born.store(sequence);
    line.kind.store(input_.below(8) == 0 ? origin_of(9, 1) : 0);
    line.tag.store(sequence << 32 | (slot + 1));
    if (sequence > config.depth) words().valid_from.store(sequence + 1 - config.depth);
    words().head.store(sequence);
  }

  PageBytes page_, payload_;
  Input& input_;
};

/// The writer does something at the moment that the reader wakes it: in the middle of a take().
class WritingDoorbell final : public Doorbell {
 public:
  explicit WritingDoorbell(std::weak_ptr<HostilePool>& pool) : pool_(pool) {}
  void ring(const Word32&) noexcept override {
    if (const auto pool = pool_.lock()) pool->write();
  }

 private:
  std::weak_ptr<HostilePool>& pool_;
};

class Trial {
 public:
  explicit Trial(Input& input)
      : input_(input),
        own_page_(sizeof(ReaderPage)),
        line_bytes_(sizeof(WireLine)),
        line_(*reinterpret_cast<WireLine*>(line_bytes_.bytes().data())),
        doorbell_(writer_) {}

  /// Throws WireCorrupt, as a worker does that gives up.
  void run() {
    open();
    for (int i = 0; i < 4000 && !input_.empty(); ++i) {
      if (input_.below(3) == 0) {
        if (const auto pool = writer_.lock()) pool->write();
      } else {
        read();
      }
      check_accounts();
    }
  }

 private:
  void open() {
    config_.depth = static_cast<std::uint32_t>(1 + input_.below(3));
    config_.holds = static_cast<std::uint32_t>(1 + input_.below(3));
    config_.loans = 1;
    config_.observers = 0;
    config_.first = input_.flag() ? 1 : std::max<std::uint64_t>(1, input_.word(0xffff'fffe) >> 1);
    init_reader_page(own_page_.bytes(),
                     {.policy = input_.flag() ? Policy::wait : Policy::drop_oldest,
                      .depth = config_.depth,
                      .holds = config_.holds,
                      .join = config_.first});
    join_ = expected_ = config_.first;
    const auto pool = new_pool();
    reader_ = std::make_shared<RingReader>(reader_page(own_page_.bytes()), pool->page(),
                                           pool->payload(), line_, doorbell_, pool);
    if (!input_.flag()) return;
    PoolConfig other = config_;
    other.pool = 9;
    origin_ = std::make_unique<HostilePool>(other, input_);
    reader_->add_origin(origin_->view());
  }

  /// Whose header may already be a lie.
  std::shared_ptr<HostilePool> new_pool() {
    auto pool = std::make_shared<HostilePool>(config_, input_);
    for (auto lies = input_.below(4); lies > 2; --lies)
      scribble(input_, pool->page().first(sizeof(WriterHeader)));
    pools_.push_back(pool);
    writer_ = pool;
    return pool;
  }

  void read() {
    const auto peeked = std::exchange(peeked_, std::nullopt);
    FrameHeader header;
    switch (input_.below(12)) {
      case 0:
      case 1:
        if (reader_->peek(header) == Status::frame) peeked_ = header.sequence;
        return;
      case 2:
        if (!peeked) return;
        reader_->peek_next(header);
        peeked_ = peeked;
        return;
      case 3:
      case 4:
        return take(std::nullopt);
      case 5:
        if (peeked) take(*peeked);
        return;
      case 6:
        if (peeked) reader_->skip(*peeked, DropReason::unmatched);
        return;
      case 7:
        require(reader_->bound() >= 0, "a bound is a stamp");
        reader_->glance();
        return;
      case 8:
        reader_->announce_wait();
        reader_->retract_wait();
        return;
      case 9:
        if (!held_.empty())
          held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(input_.below(held_.size())));
        return;
      case 10:
        return line_.writer_gone.store(input_.flag() ? 1 : 0);
      default:
        if (successors_++ < 8) succeed();
    }
  }

  void take(std::optional<std::uint64_t> sequence) {
    FrameRef frame;
    const auto status = sequence ? reader_->take(frame, *sequence) : reader_->take(frame);
    if (status == Status::too_many_held) {
      require(held_.size() >= config_.holds, "a reader can hold as many frames as it may");
    }
    if (status != Status::frame) return;
    require(frame.header().sequence >= expected_, "no frame is taken twice");
    expected_ = frame.header().sequence + 1;
    ++taken_;
    require(lies_in_a_payload(frame.payload()), "a frame lies in a slot of a payload");
    held_.push_back(std::move(frame));
    require(held_.size() <= config_.holds, "a reader holds no more frames than it may");
    for (const auto& held : held_) read_ends(held.payload());
  }

  bool lies_in_a_payload(std::span<const std::byte> bytes) const {
    const auto holds = [&](const HostilePool& pool) {
      const auto all = pool.payload();
      if (bytes.data() < all.data() || bytes.data() >= all.data() + all.size()) return false;
      const auto at = static_cast<std::size_t>(bytes.data() - all.data());
      return at % pool.config.stride() == 0 && bytes.size() <= all.size() - at &&
             bytes.size() <= pool.config.stride();
    };
    if (origin_ && holds(*origin_)) return true;
    return std::ranges::any_of(pools_, [&](const auto& weak) {
      const auto pool = weak.lock();
      return pool && holds(*pool);
    });
  }

  /// The successor's pool lives for as long as the reader wants it.
  void succeed() {
    config_.generation += 1 + input_.below(2);
    if (const auto pool = writer_.lock()) {
      const auto head = reinterpret_cast<const WriterPage*>(pool->page().data())->head.load();
      config_.first = input_.flag() ? std::max<std::uint64_t>(head + 1, 1)
                                    : std::max<std::uint64_t>(input_.word(head), 1);
    }
    const auto pool = new_pool();
    reader_->succeed(pool->page(), pool->payload(), pool);
  }

  void check_accounts() const {
    const auto& page = *reinterpret_cast<const ReaderPage*>(own_page_.bytes().data());
    const auto dropped =
        std::accumulate(std::begin(page.drops), std::end(page.drops), std::uint64_t{0},
                        [](auto sum, const Word64& count) { return sum + count.load(); });
    require(page.next.load() - join_ == taken_ + dropped,
            "each frame is taken, or counted as dropped");
  }

  Input& input_;
  PoolConfig config_;
  PageBytes own_page_, line_bytes_;
  WireLine& line_;
  std::weak_ptr<HostilePool> writer_;
  WritingDoorbell doorbell_;
  std::vector<std::weak_ptr<HostilePool>> pools_;
  std::unique_ptr<HostilePool> origin_;
  std::shared_ptr<RingReader> reader_;
  std::vector<FrameRef> held_;
  std::optional<std::uint64_t> peeked_;
  std::uint64_t join_ = 1, expected_ = 1, taken_ = 0;
  int successors_ = 0;
};

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vcengine::fuzz::Input input(data, size);
  try {
    vcengine::fuzz::Trial(input).run();
  } catch (const vcengine::WireCorrupt&) {
    // The way out that a reader has.
  }
  return 0;
}
