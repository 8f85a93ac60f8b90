/// The figures of an earlier call: what json() wrote, read back.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "figures.hpp"
#include "machine.hpp"

namespace vcengine::bench {

struct SavedRun {
  Machine machine;
  std::size_t rounds = 0;
  Figures figures;
};

/// Which of its figures are wanted.
enum class About { everything, wires, circuits };

/// A JsonError says what is not as json() writes it. The document has the values of a figure in the
/// order of their rounds, without numbers: those of a figure that a round has left out count from
/// the first round on.
SavedRun parse_saved_run(std::string_view text, About about = About::everything);

/// The same of a file, which the message names.
SavedRun read_saved_run(const std::string& path, About about = About::everything);

}  // namespace vcengine::bench
