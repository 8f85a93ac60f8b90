#include "shared_wire.hpp"

namespace vcengine::bench {

namespace {

using wire::Access;
using wire::map_page;
using wire::Mapping;

constexpr std::uint32_t kObservers = 2;  // places that every output has, used or not
constexpr std::uint32_t kSpare = 30;     // slots that every output could grow by
constexpr std::uint32_t kHolds = 4;
constexpr auto kForever = std::chrono::steady_clock::time_point::max();

wire::PoolConfig pool_of(const WireShape& shape) {
  wire::PoolConfig config;
  config.depth = shape.depth;
  config.readers = shape.readers;
  config.holds = kHolds;
  config.observers = kObservers;
  config.spare = kSpare;
  config.capacity = shape.frame_bytes;
  return config;
}

std::vector<Mapping> map_all(const std::vector<FileDescriptor>& files) {
  std::vector<Mapping> mappings;
  for (const auto& file : files) mappings.push_back(map_page(file.get(), Access::read_only));
  return mappings;
}

std::vector<wire::RingWriter::Reader> readers_of(const std::vector<Mapping>& pages,
                                                 const Mapping& host) {
  std::vector<wire::RingWriter::Reader> readers;
  auto* line = wire::host_page(host.bytes()).wire();
  for (const auto& page : pages) readers.push_back({&wire::reader_page(page.bytes()), line++});
  return readers;
}

}  // namespace

SharedWire::SharedWire(const WireShape& shape)
    : config_(pool_of(shape)),
      control_(wire::create_segment("bench:ring",
                                    wire::writer_page_size(config_.ring_size(), config_.slots()))),
      payload_(wire::create_segment("bench:frames", config_.slots() * config_.stride())),
      host_(wire::create_segment("bench:host", wire::host_page_size(shape.readers + kObservers))) {
  wire::init_writer_page(Mapping(control_.get(), Access::read_write).bytes(), config_);
  const Mapping host(host_.get(), Access::read_write);
  wire::init_host_page(host.bytes(), shape.readers + kObservers);
  auto* lines = wire::host_page(host.bytes()).wire();
  for (std::uint32_t i = 0; i < shape.readers + kObservers; ++i) {
    const bool is_wire = i < shape.readers;
    readers_.push_back(wire::create_segment("bench:reader", sizeof(wire::ReaderPage)));
    wire::init_reader_page(Mapping(readers_.back().get(), Access::read_write).bytes(),
                           {.wire = i,
                            .policy = is_wire ? shape.policy : wire::Policy::drop_oldest,
                            .depth = is_wire ? shape.depth : 1,
                            .holds = kHolds,
                            .join = config_.first});
    lines[i].gate.store(is_wire ? 1 : 0);
    lines[i].alive.store(is_wire ? 1 : 0);
  }
}

bool SharedWire::sleeps_with_a_frame(std::size_t reader) const {
  const Mapping mapping(readers_[reader].get(), Access::read_only);
  const auto& page = wire::reader_page(mapping.bytes());
  return page.hold[0].load() != 0 && page.waiting.load() != 0;
}

Sender::Sender(const SharedWire& wire, Waiting waiting)
    : waiting_(waiting),
      control_(map_page(wire.control_.get(), Access::read_write)),
      payload_(wire.payload_.get(), Access::read_write),
      host_(map_page(wire.host_.get(), Access::read_only)),
      readers_(map_all(wire.readers_)),
      ring_(wire::writer_page(control_.bytes()), payload_.bytes(), readers_of(readers_, host_),
            doorbell_),
      waiter_(wire::host_page(host_.bytes()), {}) {}

Receiver::Receiver(const SharedWire& wire, std::size_t reader, Waiting waiting)
    : waiting_(waiting),
      control_(map_page(wire.control_.get(), Access::read_only)),
      payload_(wire.payload_.get(), Access::read_only),
      host_(map_page(wire.host_.get(), Access::read_only)),
      page_(map_page(wire.readers_[reader].get(), Access::read_write)),
      ring_{std::make_shared<wire::RingReader>(
          wire::reader_page(page_.bytes()), std::span<const std::byte>(control_.bytes()),
          std::span<const std::byte>(payload_.bytes()),
          wire::host_page(host_.bytes()).wire()[reader], doorbell_)},
      waiter_(wire::host_page(host_.bytes()), {}) {}

void Receiver::sleep() {
  FrameHeader header;
  const auto ready = [&] { return ring_.front()->peek(header) != wire::RingReader::Status::empty; };
  waiter_.wait_for_frames(ring_, ready, kForever);
}

}  // namespace vcengine::bench
