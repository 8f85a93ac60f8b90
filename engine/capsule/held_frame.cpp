#include "engine/capsule/held_frame.hpp"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "vcengine/errors.hpp"
#include "wire/layout.hpp"

namespace vcengine {

using enum std::memory_order;

namespace {

constexpr std::uint32_t low_half(std::uint64_t word) { return static_cast<std::uint32_t>(word); }

bool is_of(const wire::RingLine& line, std::uint64_t sequence) {
  const auto tag = line.tag.load(acquire);
  return low_half(tag) != 0 && low_half(tag >> 32) == low_half(sequence);
}

/// Do all frames that the ring still knows look like this one, of this pool?
bool all_alike(const wire::WriterPage& page, const wire::RingLine& model) {
  if (model.kind.load(relaxed) != 0) return false;
  const std::span lines(page.ring(), page.header.ring_size);
  return std::ranges::all_of(lines, [&](const wire::RingLine& line) {
    return line.tag.load(relaxed) == 0 ||
           (line.kind.load(relaxed) == 0 && line.size.load(relaxed) == model.size.load(relaxed) &&
            line.type.load(relaxed) == model.type.load(relaxed) &&
            line.shape.load(relaxed) == model.shape.load(relaxed));
  });
}

/// `content` says which slot it is in, the reader's page when it was made; that frames of one wire
/// are alike is to be seen in the others.
bool restore_entry(wire::WriterPage& page, const wire::ReaderPage& reader, std::uint64_t sequence) {
  const std::span content(page.content(), page.header.slots);
  const auto slot = std::ranges::find_if(
      content, [sequence](const auto& word) { return word.load(relaxed) == sequence; });
  const auto mask = page.header.ring_size - 1;
  const auto& model = page.ring()[page.head.load(acquire) & mask];
  if (slot == content.end() || !all_alike(page, model)) return false;
  auto& line = page.ring()[sequence & mask];
  line.size.store(model.size.load(relaxed), relaxed);
  line.type.store(model.type.load(relaxed), relaxed);
  line.shape.store(model.shape.load(relaxed), relaxed);
  line.stamp.store(reader.stamp.load(relaxed), relaxed);
  line.born.store(reader.born.load(relaxed), relaxed);
  line.cause.store(0, relaxed);
  line.kind.store(0, relaxed);
  const auto number = static_cast<std::uint64_t>(slot - content.begin());
  line.tag.store(sequence << 32 | (number + 1), relaxed);
  return true;
}

}  // namespace

Bytes copy_page(std::span<const std::byte> page) {
  Bytes copy(page.size());
  const std::span from(reinterpret_cast<const wire::Word64*>(page.data()),
                       page.size() / sizeof(wire::Word64));
  auto* to = reinterpret_cast<std::uint64_t*>(copy.data());
  // acquire: an entry whose tag is the same afterwards was copied whole.
  for (const auto& word : from) *to++ = word.load(acquire);
  return copy;
}

std::optional<std::uint64_t> frame_of_call(std::span<const std::byte> reader, bool latest) {
  const auto& page = *reinterpret_cast<const wire::ReaderPage*>(reader.data());
  const auto join = page.header.join;
  const auto next = page.next.load(acquire);
  if (next <= join) return std::nullopt;
  const std::span holds(page.hold, std::min(page.header.holds, wire::kMaxHolds));
  const bool held =
      std::ranges::any_of(holds, [&](const auto& hold) { return hold.load(relaxed) == next - 1; });
  if (!held) return std::nullopt;
  std::uint64_t dropped = 0;
  for (const auto& word : page.drops) dropped += word.load(relaxed);
  const auto taken = next - join - std::min(dropped, next - join);
  if (!latest && taken <= page.completed.load(relaxed)) return std::nullopt;
  return next - 1;
}

std::optional<HeldFrame> find_frame(Bytes& ring, std::span<const std::byte> live,
                                    std::span<const std::byte> reader, std::uint64_t sequence,
                                    std::string& problem) {
  try {
    auto& page = wire::writer_page(ring);
    const auto index = sequence & (page.header.ring_size - 1);
    auto& line = page.ring()[index];
    const auto& original = reinterpret_cast<const wire::WriterPage*>(live.data())->ring()[index];
    const bool whole = is_of(line, sequence) && is_of(original, sequence);
    if (!whole &&
        !restore_entry(page, *reinterpret_cast<const wire::ReaderPage*>(reader.data()), sequence)) {
      problem = "its entry was overwritten, and those of later frames differ";
      return std::nullopt;
    }
    return HeldFrame{.sequence = sequence,
                     .origin = line.kind.load(relaxed),
                     .slot = low_half(line.tag.load(relaxed)) - 1,
                     .size = line.size.load(relaxed)};
  } catch (const WireCorrupt& error) {
    problem = error.what();
    return std::nullopt;
  }
}

}  // namespace vcengine
