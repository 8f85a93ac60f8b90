#include "vcengine/observer.hpp"

#include <string>
#include <utility>

#include "vcengine/errors.hpp"
#include "wire/futex.hpp"
#include "wire/ring.hpp"
#include "wire/segment.hpp"

namespace vcengine {

namespace {

/// Kept by the reader until the last frame is let go.
struct Memory {
  Memory(const Observer::Descriptors& from)
      : control(from.writer_page, wire::Access::read_only),
        payload(from.payload, wire::Access::read_only),
        own_page(from.own_page, wire::Access::read_write),
        host(from.host_page, wire::Access::read_only) {
    for (const int page : from.reader_pages) readers.emplace_back(page, wire::Access::read_only);
  }

  wire::Mapping control, payload, own_page, host;
  std::vector<wire::Mapping> readers;
  wire::FutexDoorbell doorbell;
};

/// A place is used by one observer after another: this one has taken nothing yet and holds nothing.
void clear(wire::ReaderPage& page) {
  const auto join = page.header.join;
  for (auto& hold : page.hold) hold.store(0, std::memory_order_release);
  for (auto& drops : page.drops) drops.store(0, std::memory_order_relaxed);
  page.waiting.store(0, std::memory_order_release);
  page.floor.store(join, std::memory_order_release);
  page.next.store(join, std::memory_order_release);
}

/// The pages of others may say anything.
std::uint64_t difference(std::uint64_t larger, std::uint64_t smaller) {
  return larger > smaller ? larger - smaller : 0;
}

OutputCounts::Wire counts_of(const wire::ReaderPage& page, const wire::WriterPage& writer) {
  const auto header = wire::copy_once(page.header);
  const auto dropped = [&](wire::DropReason reason) {
    return page.drops[static_cast<std::size_t>(reason)].load(std::memory_order_relaxed);
  };
  OutputCounts::Wire counts;
  counts.wire = header.wire;
  counts.waits = header.policy != static_cast<std::uint32_t>(wire::Policy::drop_oldest);
  counts.depth = header.depth;
  const auto next = page.next.load(std::memory_order_acquire);
  counts.superseded = dropped(wire::DropReason::superseded);
  counts.unmatched = dropped(wire::DropReason::unmatched);
  counts.wrong_type = dropped(wire::DropReason::wrong_type);
  counts.taken = difference(next - header.join, counts.dropped());
  // After `next`, so that it is never behind.
  counts.in_flight = difference(writer.head.load(std::memory_order_acquire) + 1, next);
  for (const auto& hold : page.hold) {
    counts.held += hold.load(std::memory_order_relaxed) != 0 ? 1 : 0;
  }
  return counts;
}

}  // namespace

class Observer::Impl {
 public:
  Impl(const Descriptors& descriptors, std::uint32_t place)
      : memory_(std::make_shared<Memory>(descriptors)),
        first_(wire::checked_writer_header(memory_->control.bytes()).first),
        writer_(wire::writer_page(memory_->control.bytes())) {
    auto& page = wire::reader_page(memory_->own_page.bytes());
    if (page.header.policy != static_cast<std::uint32_t>(wire::Policy::drop_oldest) ||
        page.header.depth != 1) {
      throw WireCorrupt("reader page: not of a place for observers");
    }
    const auto& host = wire::host_page(memory_->host.bytes());
    if (place >= host.header.wires) throw WireCorrupt("host page: it has no such place");
    for (auto& mapping : memory_->readers) readers_.push_back(&wire::reader_page(mapping.bytes()));
    clear(page);
    reader_ = std::make_shared<wire::RingReader>(
        page, std::span<const std::byte>(memory_->control.bytes()), memory_->payload.bytes(),
        host.wire()[place], memory_->doorbell, memory_);
  }

  std::optional<FrameRef> newest() {
    FrameRef frame;
    switch (reader_->take(frame)) {
      case wire::RingReader::Status::frame:
        return frame;
      case wire::RingReader::Status::too_many_held:
        throw TooManyHeld("an observer keeps too many frames; let one go before the next");
      default:
        return std::nullopt;
    }
  }

  bool ended() {
    FrameHeader header;
    return reader_->peek(header) == wire::RingReader::Status::ended;
  }

  OutputCounts counts() const {
    OutputCounts counts;
    for (const auto* page : readers_) counts.wires.push_back(counts_of(*page, writer_));
    counts.published = difference(writer_.head.load(std::memory_order_acquire) + 1, first_);
    return counts;
  }

 private:
  std::shared_ptr<Memory> memory_;
  std::uint64_t first_;
  const wire::WriterPage& writer_;
  std::vector<const wire::ReaderPage*> readers_;
  std::shared_ptr<wire::RingReader> reader_;
};

Observer::Observer(const Descriptors& descriptors, std::uint32_t place)
    : impl_(std::make_unique<Impl>(descriptors, place)) {}
Observer::~Observer() = default;
Observer::Observer(Observer&&) noexcept = default;
Observer& Observer::operator=(Observer&&) noexcept = default;

std::optional<FrameRef> Observer::newest() { return impl_->newest(); }
bool Observer::ended() { return impl_->ended(); }
OutputCounts Observer::counts() const { return impl_->counts(); }

}  // namespace vcengine
