/// Which frame of an input a block worked on when it died, from copies of the pages. [host]
///
/// The reader is dead, its page stands still. The sender lives: it may overwrite an entry of a
/// `drop_oldest` wire at any time, but never the slot of a frame that is held.
#pragma once

#include <boost/align/aligned_allocator.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "wire/layout.hpp"

namespace vcengine {

/// Of a page, aligned as one.
using Bytes = std::vector<std::byte, boost::alignment::aligned_allocator<std::byte, wire::kLine>>;

/// Where its payload is.
struct HeldFrame {
  std::uint64_t sequence = 0;
  std::uint64_t origin = 0;  ///< 0: the pool of its wire
  std::uint32_t slot = 0;
  std::uint64_t size = 0;
};

/// A copy of a page that its owner may be writing to, word by word.
Bytes copy_page(std::span<const std::byte> page);

/// Sequence of the frame that this input had in the call of process() that did not end; none: it
/// had none. A Latest has its newest one in every call.
std::optional<std::uint64_t> frame_of_call(std::span<const std::byte> reader, bool latest);

/// Its place, from the entry in `ring`, a copy of `live`. An entry that was overwritten meanwhile
/// is written anew into `ring` if all others are alike, as those of a camera are; else `problem`
/// says why there is none. `reader` knows the times of the frame.
std::optional<HeldFrame> find_frame(Bytes& ring, std::span<const std::byte> live,
                                    std::span<const std::byte> reader, std::uint64_t sequence,
                                    std::string& problem);

}  // namespace vcengine
