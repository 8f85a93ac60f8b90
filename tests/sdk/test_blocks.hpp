/// Small blocks for tests of the runner and the harness.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "vcengine/block.hpp"

namespace vcengine {

/// Sends on every `every`th number, by its value.
struct Sieve final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  Param<int> every{this, "every", {.min = 1, .init = 1}, "Others are skipped"};

  void process() override {
    if (static_cast<int>(*in) % every == 0) out.publish(*in);
  }
};

/// Records what it was given together.
struct Join final : Block {
  In<Number> a{this, "a"};
  In<Number> b{this, "b"};
  std::vector<std::pair<double, double>> pairs;

  void process() override { pairs.emplace_back(*a, *b); }
};

}  // namespace vcengine
