#include <deque>

#include <vcengine/block.hpp>

namespace vcengine::test {

struct KeepBack final : Block {
  In<Number> in{this, "in", "Numbers"};
  Out<Number> out{this, "out", "The same, with their stamps, later", Delayed{.frames = 3}};
  Param<int> frames{this, "frames", {.min = 0, .max = 3, .init = 3}, "How many are kept back"};

  void process() override {
    kept_.push_back({stamp(), *in});
    if (kept_.size() > static_cast<std::size_t>(frames.get())) send_oldest();
  }
  void drain() override {
    while (!kept_.empty()) send_oldest();
  }

 private:
  struct Kept {
    Stamp stamp;
    double number;
  };

  void send_oldest() {
    set_stamp(kept_.front().stamp);
    out.publish(kept_.front().number);
    kept_.pop_front();
  }

  std::deque<Kept> kept_;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::KeepBack>("test.keep_back", "Sends numbers some frames later");
}
