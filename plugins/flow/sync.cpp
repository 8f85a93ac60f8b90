#include <string>
#include <vcengine/block.hpp>
#include <vector>

namespace vcengine::flow {

/// The engine does the matching, by what `sync:` says in the circuit; here the frames that it put
/// together only leave, with the one stamp of their match: blocks further down can join them
/// exactly, however far apart their own stamps were.
struct Sync final : Block {
  Param<int> inputs{this,
                    "inputs",
                    {.min = 2, .max = 16, .init = 2},
                    "How many are matched: in_0, in_1 … leave as out_0, out_1 …"};

  void declare(Setup& setup) override {
    for (int i = 0; i < inputs; ++i) {
      const auto number = std::to_string(i);
      const auto name = "in_" + number;
      auto& in = setup.add<Optional<In<Any>>>(
          name,
          "Frames of any type, matched as the block's 'sync' in the circuit says; where a match "
          "lacks one, nothing leaves");
      auto& out = setup.add<Out<SameAs>>("out_" + number, SameAs{name},
                                         "The frames of " + name + ", with the stamp of the match");
      pairs_.push_back({&in, &out});
    }
  }

  void process() override {
    bool anything = false;
    for (const auto& [in, out] : pairs_) {
      if (!in->has_value()) continue;
      out->publish(*in);
      anything = true;
    }
    if (!anything) finish();  // nothing is wired: it would be called for ever
  }

 private:
  struct Pair {
    Optional<In<Any>>* in;
    Out<SameAs>* out;
  };

  std::vector<Pair> pairs_;
};

}  // namespace vcengine::flow

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::flow::Sync>("flow.sync", "Sends on what belongs together, under one stamp",
                                     {.deterministic = true});
}
