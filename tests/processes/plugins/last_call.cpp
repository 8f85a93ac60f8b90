#include <vcengine/block.hpp>

#include "tests/processes/plugins/wait_while.hpp"

namespace vcengine::test {

/// Keeps nothing: only its process knows that it has come to its end.
struct LastCall final : Block {
  Out<Number> number{this, "number", "1, and no more"};
  Param<Path> shut{this, "shut", {.init = "shut"}, "It does not return while there is this file"};

  void process() override {
    number.publish(1);
    wait_while(shut->string());
    finish();
  }
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::LastCall>("test.last_call", "Comes to its end in its first call");
}
