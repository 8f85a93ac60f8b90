#include <cstdint>
#include <stdexcept>
#include <string>
#include <vcengine/block.hpp>

namespace vcengine::test {

namespace {

volatile std::uintptr_t nowhere = 16;

}  // namespace

struct EndsBadly final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<std::string> how{
      this, "how", {.init = "throw", .choices = {"throw", "crash"}}, "What it does in its stop()"};

  void process() override {}
  void stop() override {
    if (how == "crash") *reinterpret_cast<volatile int*>(nowhere) = 1;
    throw std::runtime_error("could not write the last line");
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::EndsBadly>("test.ends_badly", "Fails in its stop()");
}
