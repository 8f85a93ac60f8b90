/// Crashes when it is constructed merely to be described, after saying why on stderr.
#include <cstdint>
#include <cstdio>

#include <vcengine/block.hpp>

namespace {

volatile std::uintptr_t nowhere = 16;

struct Crashing final : vcengine::Block {
  Crashing() {
    std::fputs("opening /dev/rocket\nno rocket here\n", stderr);
    *reinterpret_cast<volatile int*>(nowhere) = 1;
  }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<Crashing>("misbehaving.crashing", "Crashes"); }
