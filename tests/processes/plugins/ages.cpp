#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

/// One line a frame: stamp, age, and time of arrival (CLOCK_MONOTONIC), in ns.
struct Ages final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<Path> path{this, "path", {.init = "ages.txt"}, "File to write"};
  Param<std::chrono::nanoseconds> time{this, "time", {}, "How long it is at work on each frame"};

  void start() override {
    file_.open(path->string());
    if (!file_) throw std::runtime_error("cannot write '" + path->string() + "'");
  }

  void process() override {
    const auto now = std::chrono::steady_clock::now().time_since_epoch();
    file_ << in.stamp().count() << ' ' << (now - in.born()).count() << ' ' << now.count()
          << std::endl;
    std::this_thread::sleep_for(time.get());
  }

 private:
  std::ofstream file_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Ages>("test.ages", "Writes how old each frame is");
}
