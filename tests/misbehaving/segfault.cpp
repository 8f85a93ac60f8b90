/// Passes frames on, and writes to an address that is not there at the frame asked for.
#include <cstdint>

#include <vcengine/block.hpp>

namespace {

volatile std::uintptr_t nowhere = 16;

struct Segfault final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames"};
  vcengine::Param<int> at{this, "at", {.min = 1, .init = 1}, "Crashes at this frame"};

  void process() override {
    if (++frames_ == at) *reinterpret_cast<volatile int*>(nowhere) = 1;  // the crash
    out.publish(in);
  }

 private:
  int frames_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Segfault>("misbehaving.segfault", "Crashes in mid-stream");
}
