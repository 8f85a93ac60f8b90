#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"

namespace vcengine {

void run_shortly(const Subject& subject, Findings&) {
  subject.progress.stage("a short stream under valgrind");
  constexpr PictureSize kSizes[] = {{64, 48}, {33, 17}, {64, 48}, {1, 1}};
  Bench bench(subject);
  for (std::uint64_t i = 0; i < 12; ++i) bench.round({.number = i, .size = kSizes[i / 3]});
  bench.stop();
}

}  // namespace vcengine
