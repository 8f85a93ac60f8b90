/// Does nothing wrong but talk, on both streams, while it is loaded and constructed.
#include <cstdio>
#include <string>

#include <vcengine/block.hpp>

namespace {

void talk() {
  const std::string line(1000, '{');
  for (int i = 0; i < 200; ++i) std::printf("%s\n", line.c_str());
  for (int i = 0; i < 200; ++i) std::fprintf(stderr, "%s\n", line.c_str());
  std::fflush(stdout);
}
const bool kTalked = (talk(), true);

struct Talker final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "Heard, not answered"};
  Talker() { talk(); }
  void process() override {}
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  static_cast<void>(kTalked);
  registry.add<Talker>("misbehaving.talker", "Prints a lot");
}
