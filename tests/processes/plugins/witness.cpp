#include <fstream>
#include <iomanip>
#include <stdexcept>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

#include "tests/processes/plugins/mark.hpp"
#include "tests/processes/witness_line.hpp"

namespace vcengine::test {

/// For each frame adds a line of kWitnessLine bytes to the file: when it was born, in ns of
/// CLOCK_MONOTONIC, and '.', '!' if it is not whole, '<' if it came before or twice.
struct Witness final : Block {
  In<Image> in{this, "in", "Pictures"};
  Param<Path> path{this, "path", {.init = "seen.txt"}, "File to add to"};
  Param<bool> marked{this, "marked", {.init = true}, "Whether their bytes follow from their stamp"};

  void start() override {
    file_.open(path->string(), std::ios::app);
    if (!file_) throw std::runtime_error("cannot write '" + path->string() + "'");
  }

  void process() override {
    const bool whole = !marked || has_mark(*in, in.header().stamp);
    const bool later = in.header().sequence > last_;
    last_ = in.header().sequence;
    file_ << std::setw(kWitnessLine - 3) << in.born().count() << ' '
          << (!whole  ? '!'
              : later ? '.'
                      : '<')
          << std::endl;
  }

 private:
  std::ofstream file_;
  std::uint64_t last_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Witness>("test.witness", "Looks whether pictures are whole");
}
