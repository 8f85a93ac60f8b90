#include <chrono>
#include <filesystem>
#include <thread>
#include <vcengine/block.hpp>

namespace vcengine::test {

/// Keeps nothing: only its process knows that it has come to its end.
struct LastCall final : Block {
  Out<Number> number{this, "number", "1, and no more"};
  Param<Path> shut{this, "shut", {.init = "shut"}, "It does not return while there is this file"};

  void process() override {
    number.publish(1);
    while (std::filesystem::exists(shut->string())) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    finish();
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::LastCall>("test.last_call", "Comes to its end in its first call");
}
