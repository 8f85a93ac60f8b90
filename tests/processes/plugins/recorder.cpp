#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

#include <vcengine/block.hpp>

#include "tests/processes/frame_hash.hpp"

namespace vcengine::test {

/// One line a frame: sequence, stamp in ns, type, and the number, or shape and hash of all its
/// bytes. A successor goes on in the same file.
struct Recorder final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<Path> path{this, "path", {.init = "recorded.txt"}, "File to write"};
  Param<std::chrono::nanoseconds> pause{this, "pause", {}, "How long it takes over each frame"};

  State<std::int64_t> lines{this, "lines"};

  void start() override {
    file_.open(path->string(), lines == 0 ? std::ios::trunc : std::ios::app);
    if (!file_) throw std::runtime_error("cannot write '" + path->string() + "'");
  }

  void process() override {
    const auto& header = in.header();
    file_ << header.sequence << ' ' << header.stamp.count() << ' ' << to_string(header.type) << ' ';
    if (header.type.family == Family::number) {
      file_ << FrameTraits<Number>::view(*in);
    } else {
      file_ << header.shape[1] << 'x' << header.shape[0] << ' ' << std::hex
            << hash_of(in->payload().data(), in->payload().size()) << std::dec;
    }
    file_ << std::endl;
    lines = lines + 1;
    if (pause->count() > 0) sleep_for(pause);
  }

 private:
  std::ofstream file_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Recorder>("test.recorder", "Writes what it is given into a file");
}
