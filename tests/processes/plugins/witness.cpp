#include <cstdint>
#include <fstream>
#include <iomanip>
#include <stdexcept>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

#include "tests/processes/plugins/mark.hpp"

namespace vcengine::test {

/// For each frame adds a line of kWitnessLine bytes to the file (witness_line.hpp): when it was
/// born, in ns of CLOCK_MONOTONIC, how many frames were missed so far, and '.', '!' if it is not
/// whole, '<' if it came before or twice. Its successors go on counting.
struct Witness final : Block {
  In<Image> in{this, "in", "Pictures"};
  Param<Path> path{this, "path", {.init = "seen.txt"}, "File to add to"};
  Param<bool> marked{this, "marked", {.init = true}, "Whether their bytes follow from their stamp"};
  State<std::int64_t> last{this, "last"};
  State<std::int64_t> missed{this, "missed"};

  void start() override {
    file_.open(path->string(), std::ios::app);
    if (!file_) throw std::runtime_error("cannot write '" + path->string() + "'");
  }

  void process() override {
    const bool whole = !marked || has_mark(*in, in.header().stamp);
    const auto sequence = static_cast<std::int64_t>(in.header().sequence);
    const bool later = sequence > last;
    if (later) missed = missed + sequence - last - 1;
    last = sequence;
    file_ << std::setw(20) << in.born().count() << std::setw(10) << missed.get() << ' '
          << (!whole  ? '!'
              : later ? '.'
                      : '<')
          << std::endl;
  }

 private:
  std::ofstream file_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Witness>("test.witness", "Looks whether pictures are whole");
}
