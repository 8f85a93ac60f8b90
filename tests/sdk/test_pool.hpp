/// A pool with its readers in the memory of the test, and frames whose payload tells their number.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <vector>

#include "vcengine/errors.hpp"
#include "wire/futex.hpp"
#include "wire/ring.hpp"
#include "wire/segment.hpp"

namespace vcengine::wire {

class CountingDoorbell final : public Doorbell {
 public:
  void ring(const Word32&) noexcept override { ++rings; }
  int rings = 0;
};

struct ReaderSpec {
  Policy policy = Policy::wait;
  std::uint32_t depth = 2;
};

constexpr std::uint64_t kPayloadWords = 64;
constexpr std::uint64_t kPayloadSize = kPayloadWords * sizeof(std::uint64_t);

/// The bytes of a pool; readers keep it until their last frame is gone.
struct PoolMemory {
  PoolMemory(const std::vector<ReaderSpec>& specs, const PoolConfig& config, std::uint64_t join)
      : control(Mapping::anonymous(writer_page_size(config.ring_size(), config.slots()))),
        payload(Mapping::anonymous(config.slots() * config.stride())),
        host(Mapping::anonymous(host_page_size(static_cast<std::uint32_t>(specs.size())))) {
    init_writer_page(control.bytes(), config);
    init_host_page(host.bytes(), static_cast<std::uint32_t>(specs.size()));
    std::uint32_t wire = 0;
    for (const auto& spec : specs) {
      readers.push_back(Mapping::anonymous(sizeof(ReaderPage)));
      init_reader_page(readers.back().bytes(), {.wire = wire,
                                                .policy = spec.policy,
                                                .depth = spec.depth,
                                                .holds = std::max(config.holds, config.most_holds),
                                                .join = join});
      auto& line = host_page(host.bytes()).wire()[wire++];
      line.gate.store(spec.policy == Policy::drop_oldest ? 0 : 1);
      line.alive.store(1);
    }
  }

  CountingDoorbell doorbell;
  Mapping control, payload, host;
  std::vector<Mapping> readers;
};

class TestPool {
 public:
  explicit TestPool(const std::vector<ReaderSpec>& specs, PoolConfig wanted = {},
                    Doorbell* doorbell = nullptr)
      : config(shaped(specs, wanted)),
        memory(std::make_shared<PoolMemory>(specs, config, config.first)),
        doorbell_(doorbell != nullptr ? *doorbell : memory->doorbell) {
    std::vector<RingWriter::Reader> pages;
    for (std::size_t i = 0; i < specs.size(); ++i) pages.push_back({&reader_page(i), &line(i)});
    writer = std::make_unique<RingWriter>(writer_page(), memory->payload.bytes(), pages, doorbell_);
    for (std::size_t i = 0; i < specs.size(); ++i) readers.push_back(make_reader(i));
  }

  WriterPage& writer_page() const { return wire::writer_page(memory->control.bytes()); }
  ReaderPage& reader_page(std::size_t i) const {
    return wire::reader_page(memory->readers[i].bytes());
  }
  HostPage& host() const { return host_page(memory->host.bytes()); }
  WireLine& line(std::size_t i) const { return host().wire()[i]; }
  RingLine& entry(std::uint64_t sequence) const {
    return writer_page().ring()[sequence & (config.ring_size() - 1)];
  }

  std::shared_ptr<RingReader> make_reader(std::size_t i) const {
    return std::make_shared<RingReader>(reader_page(i),
                                        std::span<const std::byte>(memory->control.bytes()),
                                        memory->payload.bytes(), line(i), doorbell_, memory);
  }

  /// As a reader of a pool that forwards its frames maps it.
  PayloadView payload() const {
    return {.origin = origin_of(config.pool, config.generation),
            .bytes = memory->payload.bytes(),
            .slots = config.slots(),
            .stride = config.stride()};
  }

  static PoolConfig shaped(const std::vector<ReaderSpec>& specs, PoolConfig config) {
    config.readers = static_cast<std::uint32_t>(specs.size());
    for (const auto& spec : specs) config.depth = std::max(config.depth, spec.depth);
    return config;
  }

  const PoolConfig config;
  std::shared_ptr<PoolMemory> memory;
  std::unique_ptr<RingWriter> writer;
  std::vector<std::shared_ptr<RingReader>> readers;

 private:
  Doorbell& doorbell_;
};

inline void fill(std::byte* data, std::uint64_t value) {
  std::uint64_t words[kPayloadWords];
  for (std::uint64_t i = 0; i < kPayloadWords; ++i) words[i] = value * 0x9e3779b97f4a7c15ULL + i;
  std::memcpy(data, words, sizeof words);
}

/// Is every word of the payload that of frame `value`?
inline bool is_intact(const FrameRef& frame, std::uint64_t value) {
  std::uint64_t words[kPayloadWords];
  if (frame.payload().size() != sizeof words) return false;
  std::memcpy(words, frame.payload().data(), sizeof words);
  for (std::uint64_t i = 0; i < kPayloadWords; ++i) {
    if (words[i] != value * 0x9e3779b97f4a7c15ULL + i) return false;
  }
  return true;
}

inline FrameHeader header_of(std::uint64_t value) {
  FrameHeader header;
  header.type = {Family::bytes, 0};
  header.size = kPayloadSize;
  header.shape = {static_cast<std::uint32_t>(kPayloadSize), 1};
  header.stamp = Stamp{static_cast<std::int64_t>(value)};
  header.born = Born{static_cast<std::int64_t>(value)};
  return header;
}

/// Fills the next slot by the sequence it will get, and publishes it; that sequence.
inline std::uint64_t publish_next(RingWriter& writer) {
  const auto slot = writer.try_loan();
  if (!slot) throw std::runtime_error("the writer starves");
  fill(writer.slot_data(*slot), writer.head() + 1);
  return writer.publish(*slot, header_of(writer.head() + 1));
}

inline std::optional<FrameRef> take_one(RingReader& reader) {
  FrameRef frame;
  if (reader.take(frame) != RingReader::Status::frame) return std::nullopt;
  return frame;
}

}  // namespace vcengine::wire
