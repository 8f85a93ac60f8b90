/// One block in several builds, for the exchange of a block that runs. BUILD says which this is.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <vcengine/block.hpp>

#include "tests/processes/plugins/wait_while.hpp"

namespace vcengine::test {

namespace {

enum Kind {
  good = 1,
  other_good,
  crashes,
  other_ports,
  cannot_start,
  crashes_early,
  other_state,
  held_up
};

volatile std::uintptr_t nowhere = 16;
[[maybe_unused]] void crash() { *reinterpret_cast<volatile int*>(nowhere) = 1; }

/// While there is a file of that name in the folder of a worker's TEST_HOLD_UP; makes one that says
/// so.
[[maybe_unused]] void be_held_up(const std::string& file) {
  const char* folder = std::getenv("TEST_HOLD_UP");
  if (folder == nullptr) return;
  const auto path = std::filesystem::path(folder) / file;
  if (std::filesystem::exists(path)) std::ofstream(path.string() + ".reached") << "\n";
  wait_while(path);
}

}  // namespace

struct Build final : Block {
  In<Number> in{this, "in", "Numbers"};
#if BUILD == 4
  Out<Text> out{this, "out", "Something else"};
#else
  Out<Number> out{this, "out", "Ten times the number, and this build"};
#endif
  Out<Number> worked{this, "worked", "How many frames it has worked on"};
  Param<std::int64_t> tuned{this, "tuned", {.min = 0, .max = 100, .init = 1}, "For trials"};
  Out<Number> as_tuned{this, "as_tuned", "What it is set to"};
#if BUILD == 7
  State<double> frames{this, "frames"};
#else
  State<std::int64_t> frames{this, "frames"};
#endif

  Build() {
    if constexpr (BUILD == crashes_early) crash();
    if constexpr (BUILD == held_up) be_held_up("loading");
  }

  void start() override {
    if constexpr (BUILD == cannot_start) throw std::runtime_error("build 5 cannot start");
    if constexpr (BUILD == held_up) be_held_up("starting");
  }

  void process() override {
    if constexpr (BUILD == crashes) crash();
    frames = frames + 1;
#if BUILD == 4
    out.publish("");
#else
    out.publish(*in * 10 + BUILD);
#endif
    worked.publish(static_cast<double>(static_cast<std::int64_t>(frames)));
    as_tuned.publish(static_cast<double>(static_cast<std::int64_t>(tuned)));
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) { registry.add<vcengine::test::Build>("test.build", "In many builds"); }
