/// Figures of a running circuit, read from pages that other processes write: nothing in them is
/// trusted further than a number to show.
#pragma once

#include <chrono>
#include <optional>

#include "engine/run/run_stats.hpp"
#include "wire/layout.hpp"

namespace vcengine {

void read(const wire::StatusPage& page, BlockStats& block);
/// `ring_size`: as the host made it; what the page says may have been overwritten.
void read(const wire::WriterPage& writer, std::uint32_t ring_size, const wire::ReaderPage& reader,
          WireStats& wire);

/// A time on a page, never negative: the difference of two is a number, whatever they are.
std::chrono::nanoseconds time_of(const wire::Word64& word) noexcept;

/// Nearest rank, as the upper end of its bucket; none of an empty one.
std::optional<Quantiles> quantiles(const wire::Histogram& histogram);

}  // namespace vcengine
