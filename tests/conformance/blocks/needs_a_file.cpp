/// Does not start before it is told what to read.
#include <stdexcept>

#include <vcengine/block.hpp>

namespace {

struct NeedsAFile final : vcengine::Block {
  vcengine::Out<vcengine::Text> out{this, "out", "Its name"};
  vcengine::Param<vcengine::Path> path{this, "path", {}, "What to read"};

  void start() override {
    if (path->empty()) throw std::runtime_error("'path' is empty");
    if (!path->is_absolute()) throw std::runtime_error("where is that?");
  }
  void process() override { out.publish(path->filename().string()); }
};

}  // namespace

VCENGINE_PLUGIN(registry) { registry.add<NeedsAFile>("conformance.needs_a_file", "Reads a file"); }
