#include <chrono>
#include <cstdlib>
#include <cstring>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <opencv2/core.hpp>
#include <vcengine/block.hpp>

namespace vcengine::test {

/// Takes memory with every frame and lets none of it go.
struct Hoard final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Out<SameAs> out{this, "out", {"in"}, "The same frames"};
  Param<int> megabytes{this, "megabytes", {.min = 0, .init = 8}, "How much a frame"};
  Param<std::string> how{
      this, "how", {.init = "new"}, "new, mat, malloc, uncaught, threads, length or start"};

  void start() override {
    if (how == "start") {
      for (;;) take_by_new();
    }
  }

  void process() override {
    if (how == "new") {
      take_by_new();
    } else if (how == "mat") {
      mats_.emplace_back(1024 * megabytes, 1024, CV_8UC1, cv::Scalar(1));
    } else if (how == "malloc") {
      blocks_.push_back(static_cast<char*>(std::malloc(bytes())));
      blocks_.back()[0] = 1;  // the crash
      std::memset(blocks_.back(), 1, bytes());
    } else if (how == "uncaught") {
      std::thread([this] { take_by_new(); }).join();
    } else if (how == "threads") {
      threads_.emplace_back([] {
        for (;;) std::this_thread::sleep_for(std::chrono::hours(1));
      });
      threads_.back().detach();
    } else if (how == "length") {
      const volatile int less_than_none = -1;
      numbers_.reset(new int[less_than_none]);
    }
    out.publish(in);
  }

 private:
  std::size_t bytes() const { return static_cast<std::size_t>(megabytes) << 20; }
  void take_by_new() { vectors_.emplace_back(bytes(), 'x'); }

  std::list<std::vector<char>> vectors_;
  std::list<cv::Mat> mats_;
  std::list<char*> blocks_;
  std::list<std::thread> threads_;
  std::unique_ptr<int[]> numbers_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Hoard>("test.hoard", "Takes ever more memory");
}
