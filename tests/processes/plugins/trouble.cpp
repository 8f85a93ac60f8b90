#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <stdexcept>
#include <string>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::test {

namespace {

volatile std::uintptr_t nowhere = 16;

}  // namespace

/// When there is a file for it, it takes it away and does what it says: "throw", "no_memory",
/// "exit", "crash", "hang".
struct Troubled : Block {
  Param<Path> orders{this, "orders", {.init = "orders.txt"}, "What to do, once"};

 protected:
  void obey() const {
    if (!std::filesystem::exists(orders->string())) return;
    std::string order;
    std::ifstream(orders->string()) >> order;
    std::filesystem::remove(orders->string());
    if (order == "throw") throw std::runtime_error("ordered to throw");
    if (order == "no_memory") {
      static_cast<void>(::operator new(std::numeric_limits<std::size_t>::max() / 4));
    }
    if (order == "exit") std::exit(0);
    if (order == "crash") *reinterpret_cast<volatile int*>(nowhere) = 1;
    while (order == "hang") ::pause();
  }
};

struct TroubledCopy final : Troubled {
  In<Bgr8> in{this, "in", "Pictures"};
  Out<Bgr8> out{this, "out", "Copies of them"};

  void process() override {
    obey();
    auto picture = out.loan(in->size());
    in->copyTo(*picture);
    std::move(picture).publish();
  }
};

struct TroubledPass final : Troubled {
  In<Any> in{this, "in", "Pictures"};
  Out<SameAs> out{this, "out", {"in"}, "The same ones"};

  void process() override {
    obey();
    out.publish(in);
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::TroubledCopy>("test.troubled_copy", "Misbehaves when it is told to");
  registry.add<vcengine::test::TroubledPass>("test.troubled_pass", "Misbehaves when it is told to");
}
