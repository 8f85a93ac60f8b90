#include <cstdint>

#include <vcengine/block.hpp>

namespace vcengine::test {

namespace {

volatile std::uintptr_t nowhere = 16;

}  // namespace

struct CrashOn final : Block {
  In<Number> in{this, "in", "Numbers"};
  Out<Number> out{this, "out", "The same"};
  Param<double> number{this, "number", {.init = 0}, "The one that it dies of"};

  void process() override {
    if (*in == number) *reinterpret_cast<volatile int*>(nowhere) = 1;
    out.publish(*in);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::CrashOn>("test.crash_on", "Dies of one number");
}
