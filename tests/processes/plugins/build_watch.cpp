#include <chrono>
#include <cstdint>
#include <fstream>
#include <stdexcept>

#include <vcengine/block.hpp>

namespace vcengine::test {

/// Frames of test.build: one line each time that another build made the next one, with the time
/// since the last one of the build before; and one for each that is missing or there twice.
struct BuildWatch final : Block {
  In<Number> in{this, "in", "Ten times the number, and the build"};
  Param<Path> path{this, "path", {.init = "builds.txt"}, "File to write"};

  void start() override {
    file_.open(path->string());
    if (!file_) throw std::runtime_error("cannot write '" + path->string() + "'");
  }

  void process() override {
    const auto value = static_cast<std::int64_t>(*in);
    const auto number = value / 10;
    const auto build = value % 10;
    const auto now = std::chrono::steady_clock::now();
    if (last_number_ != 0 && number != last_number_ + 1) {
      file_ << "wrong " << last_number_ << ' ' << number << std::endl;
    }
    if (last_build_ != build) {
      const auto pause = last_build_ == 0 ? std::chrono::nanoseconds(0) : now - last_time_;
      file_ << "build " << build << ' ' << pause.count() << std::endl;
    }
    last_number_ = number;
    last_build_ = build;
    last_time_ = now;
  }

 private:
  std::ofstream file_;
  std::int64_t last_number_ = 0, last_build_ = 0;
  std::chrono::steady_clock::time_point last_time_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::BuildWatch>("test.build_watch", "Looks who made its frames");
}
