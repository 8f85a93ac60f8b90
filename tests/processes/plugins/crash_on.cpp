#include <cstdint>
#include <string>

#include <vcengine/block.hpp>

namespace vcengine::test {

namespace {

volatile std::uintptr_t nowhere = 16;

}  // namespace

struct CrashOn final : Block {
  In<Number> in{this, "in", "Numbers"};
  Out<Number> out{this, "out", "The same"};
  Param<double> number{this, "number", {.init = 0}, "The one that it fails at"};
  Param<std::string> how{
      this, "how", {.init = "crash", .choices = {"crash", "spin"}}, "What it does then"};

  void process() override {
    if (*in == number) fail();
    out.publish(*in);
  }

 private:
  void fail() {
    while (how == "spin") rounds_ = rounds_ + 1;
    *reinterpret_cast<volatile int*>(nowhere) = 1;
  }

  volatile unsigned rounds_ = 0;
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::CrashOn>("test.crash_on", "Dies of one number");
}
