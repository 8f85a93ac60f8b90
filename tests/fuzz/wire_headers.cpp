// Any bytes of any size as a page of a wire: what is accepted is as large as its header says.
#include <algorithm>
#include <bit>

#include "tests/fuzz/pages.hpp"
#include "vcengine/errors.hpp"

namespace vcengine::fuzz {
namespace {

using namespace wire;

template <class Word>
void look_at(const Word& word) {
  read_ends(std::as_bytes(std::span(&word, 1)));
}

/// A page as the host makes it, as far as it fits.
void make_page(Input& input, std::size_t kind, std::span<std::byte> bytes) {
  PoolConfig config{.first = input.word(1),
                    .depth = input.take<std::uint8_t>(),
                    .holds = input.take<std::uint8_t>(),
                    .spare = input.take<std::uint8_t>()};
  ReaderConfig reader{.depth = input.take<std::uint8_t>(), .holds = input.take<std::uint8_t>()};
  if (kind == 0) init_writer_page(bytes, config);
  if (kind == 1) init_reader_page(bytes, reader);
  if (kind == 2) init_host_page(bytes, input.take<std::uint8_t>());
  if (kind == 3) init_status_page(bytes);
}

void use_writer_page(std::span<std::byte> bytes) {
  const auto header = checked_writer_header(bytes);
  const auto& page = writer_page(bytes);
  require(std::has_single_bit(header.ring_size), "the size of a ring is a power of two");
  require(header.ring_size > header.depth, "a ring holds what may wait for a reader");
  require(header.slots <= kMaxSlots && header.depth < header.slots, "a pool is of a sensible size");
  require(header.stride != 0 && header.slots <= ~std::uint64_t{0} / header.stride,
          "the size of a payload does not wrap");
  look_at(page.ring()[0]);
  look_at(page.ring()[header.ring_size - 1]);
  look_at(page.end);
  PoolConfig successor;
  successor.succeed(page);
}

void use_reader_page(std::span<std::byte> bytes) {
  const auto& page = reader_page(bytes);
  require(page.header.holds >= 1, "a reader can hold a frame");
  look_at(page.hold[page.header.holds - 1]);
  look_at(page.age);
}

void use_host_page(std::span<std::byte> bytes) {
  const auto& page = host_page(bytes);
  look_at(page.bell);
  if (page.header.wires > 0) look_at(page.wire()[page.header.wires - 1]);
}

void use_status_page(std::span<std::byte> bytes) { look_at(status_page(bytes).done_bell); }

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine;
  using namespace vcengine::fuzz;
  Input input(data, size);
  const auto kind = input.below(4);
  const auto made = input.flag();
  const auto wanted = made ? input.take<std::uint16_t>() % 8192 : input.take<std::uint8_t>() * 8;
  const auto misaligned = input.below(8) == 7 ? wire::kLine / 2 : 0;
  const PageBytes memory(wanted + misaligned);
  const auto bytes = memory.bytes().subspan(misaligned);
  try {
    if (made) make_page(input, kind, bytes);
    const auto changes = input.below(4);
    for (std::size_t i = 0; i < changes && bytes.size() >= 8; ++i)
      scribble(input,
               bytes.first(input.flag() ? bytes.size() : std::min<std::size_t>(bytes.size(), 96)));
    if (!made) {
      const auto raw = input.text(bytes.size());
      std::ranges::copy(std::as_bytes(std::span(raw)), bytes.begin());
    }
  } catch (const WireCorrupt&) {
    // Too small to be made one.
  }
  for (const auto use : {use_writer_page, use_reader_page, use_host_page, use_status_page}) {
    try {
      use(bytes);
    } catch (const WireCorrupt&) {
    }
  }
  return 0;
}
