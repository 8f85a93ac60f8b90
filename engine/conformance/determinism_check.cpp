#include <malloc.h>

#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"
#include "engine/conformance/recording.hpp"

namespace vcengine {

void record_outputs(const Subject& subject, Findings&) {
  if (!subject.info.traits.deterministic) {
    throw CheckSkipped("its type says that it is not deterministic");
  }
  if (subject.info.traits.live && subject.is_source()) throw CheckSkipped("it is a live source");
  if (subject.outputs().empty()) throw CheckSkipped("it has no outputs");

  constexpr std::uint64_t kFrames = 24;
  subject.progress.stage("a stream that is recorded");
  Recording recording;
  Bench bench(subject);
  bench.on_frame([&](const auto& output, const auto& frame) { recording.add(output, frame); });
  for (std::uint64_t i = 0; i < kFrames; ++i) {
    // The size changes once: what was left over from the larger one must not show.
    bench.round(
        {.number = i, .size = i < kFrames / 2 ? PictureSize{320, 240} : PictureSize{200, 150}});
  }
  if (subject.has_triggers()) {
    for (const auto& input : subject.inputs) bench.harness().end(input.name);
    bench.step();
  }
  bench.stop();
  recording.write("recording");
}

}  // namespace vcengine
