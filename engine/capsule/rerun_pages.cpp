#include "engine/capsule/rerun_pages.hpp"

#include <algorithm>
#include <string>

#include "vcengine/errors.hpp"
#include "wire/layout.hpp"

namespace vcengine {

using enum std::memory_order;

namespace {

[[noreturn]] void fail(const std::string& port, const std::string& what) {
  throw CapsuleError("port '" + port + "': " + what);
}

template <class Page>
Page& checked(Page& (*check)(std::span<std::byte>), Bytes& bytes, const std::string& port) {
  try {
    return check(bytes);
  } catch (const WireCorrupt& error) {
    throw CapsuleError("port '" + port + "': " + error.what());
  }
}

}  // namespace

RerunInputPages rerun_pages(const Capsule::Input& input, std::uint32_t line) {
  RerunInputPages pages{.ring = input.ring, .reader = Bytes(sizeof(wire::ReaderPage))};
  auto& ring = checked(wire::writer_page, pages.ring, input.port);
  auto dead_bytes = input.reader;
  const auto& dead = checked(wire::reader_page, dead_bytes, input.port);
  const auto join = dead.header.join;
  const auto next = input.frame ? *input.frame + 1 : std::max(dead.next.load(relaxed), join);
  if (next < join || next < ring.header.first || next > wire::kMaxSequence) {
    fail(input.port, "frame " + std::to_string(next - 1) + " is not one of its wire");
  }
  if (input.frame && *input.frame < std::max(join, ring.header.first)) {
    fail(input.port, "frame " + std::to_string(*input.frame) + " is not one of its wire");
  }
  if (dead.header.depth > ring.header.depth || dead.header.holds > ring.header.holds) {
    fail(input.port, "it holds more than its wire was made for");
  }

  // That its sender has ended tells a join, or a Latest that goes by stamps, what will not come.
  ring.head.store(next - 1, relaxed);
  ring.end.store(next, relaxed);
  ring.valid_from.store(input.frame ? *input.frame : next, relaxed);
  ring.want.store(0, relaxed);

  // A Latest gets its newest frame again where it could have dropped one; what is worked on is
  // tried again where nothing is dropped.
  wire::init_reader_page(pages.reader,
                         {.wire = line,
                          .policy = input.latest ? wire::Policy::drop_oldest : wire::Policy::wait,
                          .depth = dead.header.depth,
                          .holds = dead.header.holds,
                          .join = join});
  auto& reader = wire::reader_page(pages.reader);
  reader.next.store(next, relaxed);
  reader.floor.store(next, relaxed);
  const auto taken = next - join;
  const bool unfinished = input.frame && !input.latest;
  reader.completed.store(unfinished ? taken - 1 : taken, relaxed);
  if (input.frame) reader.hold[0].store(*input.frame, relaxed);
  return pages;
}

HeldFrame place_of_frame(const Capsule::Input& input, const Bytes& ring) {
  auto copy = ring;
  const auto& page = wire::writer_page(copy);
  const auto& entry = page.ring()[*input.frame & (page.header.ring_size - 1)];
  const auto tag = entry.tag.load(relaxed);
  const HeldFrame frame{.sequence = *input.frame,
                        .origin = entry.kind.load(relaxed),
                        .slot = static_cast<std::uint32_t>(tag) - 1,
                        .size = entry.size.load(relaxed)};
  auto slots = page.header.slots;
  auto stride = page.header.stride;
  if (frame.origin != 0) {
    const auto origin = std::ranges::find(input.origins, frame.origin, &Capsule::Origin::origin);
    if (origin == input.origins.end()) fail(input.port, "its frame is of a pool that is not there");
    slots = origin->slots;
    stride = origin->stride;
  }
  if (static_cast<std::uint32_t>(tag >> 32) != static_cast<std::uint32_t>(frame.sequence) ||
      frame.slot >= slots || frame.size > stride || frame.size != input.payload.size) {
    fail(input.port, "the entry of frame " + std::to_string(frame.sequence) + " makes no sense");
  }
  return frame;
}

Bytes rerun_ring(const Capsule::Output& output) {
  auto old_bytes = output.ring;
  const auto& old = checked(wire::writer_page, old_bytes, output.port);
  const auto head = old.head.load(relaxed);
  if (head + 1 < old.header.first || head >= wire::kMaxSequence) {
    throw CapsuleError("port '" + output.port + "': frame " + std::to_string(head) +
                       " is not one of its wire");
  }
  Bytes bytes(output.ring.size());
  auto& page = *reinterpret_cast<wire::WriterPage*>(bytes.data());
  page.header = old.header;
  page.header.first = head + 1;
  page.head.store(head, relaxed);
  page.valid_from.store(head + 1, relaxed);
  page.bound.store(old.bound.load(relaxed), relaxed);
  return bytes;
}

}  // namespace vcengine
