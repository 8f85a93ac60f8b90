#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include <vcengine/block.hpp>

namespace vcengine::test {

namespace {

volatile std::uintptr_t nowhere = 16;

}  // namespace

struct CrashOnJoin final : Block {
  In<Number> in{this, "in", "Numbers"};
  Optional<In<Number>> with{this, "with", "Their partners, of some"};
  Latest<Number> latest{this, "latest", "Anything"};
  State<double> sum{this, "sum", 0};
  Param<double> number{this, "number", {.init = 0}, "The one that it dies of"};

  void process() override {
    const char* const set = std::getenv("WORD");
    const std::string word = set == nullptr ? "none" : set;
    std::cout << "in " << *in << " with " << (with ? *with : -1) << " latest "
              << latest.value_or(-1) << " sum " << sum.get() << " word " << word << " stamp "
              << stamp().count() << std::endl;
    if (*in == number) *reinterpret_cast<volatile int*>(nowhere) = 1;
    sum = sum.get() + *in;
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::CrashOnJoin>("test.crash_on_join",
                                            "Says what it has, and dies of one number");
}
