#include <string>
#include <vcengine/block.hpp>
#include <vcengine/log.hpp>

namespace vcengine::test {

struct Chatter final : Block {
  In<Number> in{this, "in", "Numbers"};
  Param<int> length{
      this, "length", {.min = 0, .max = 10000, .init = 0}, "Of what it adds to a line"};

  void process() override {
    const auto number = std::to_string(static_cast<std::int64_t>(*in)) + " ";
    log_debug("debug " + number);
    log_info("info " + number + std::string(static_cast<std::size_t>(length.get()), 'x'));
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Chatter>("test.chatter", "Logs each number");
}
