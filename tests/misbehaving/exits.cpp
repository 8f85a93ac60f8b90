/// Passes frames on, and ends its process with status 0 at the frame asked for.
#include <cstdlib>

#include <vcengine/block.hpp>

namespace {

struct Exits final : vcengine::Block {
  vcengine::In<vcengine::Any> in{this, "in", "Anything"};
  vcengine::Out<vcengine::SameAs> out{this, "out", {"in"}, "The same frames"};
  vcengine::Param<int> at{this, "at", {.min = 1, .init = 1}, "Ends at this frame"};

  void process() override {
    if (++frames_ == at) std::exit(0);
    out.publish(in);
  }

 private:
  int frames_ = 0;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Exits>("misbehaving.exits", "Calls exit(0) in mid-stream");
}
