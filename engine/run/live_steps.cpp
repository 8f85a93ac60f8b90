#include "engine/run/live_steps.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/circuit/places_in_work.hpp"

namespace vcengine {

LiveSteps::LiveSteps(const Plan& plan, LiveOrders& orders)
    : orders_(orders), place_(places_in_work(plan)) {}

void LiveSteps::rewire(const Plan& next) { place_ = places_in_work(next); }

void LiveSteps::begin(std::vector<Wanted> blocks, Told told) {
  std::ranges::sort(blocks, {}, [this](const Wanted& wanted) { return place_[wanted.block]; });
  auto& step = steps_.emplace_back();
  for (const auto& wanted : blocks) step.parts.push_back({wanted});
  step.told = std::move(told);
  if (steps_.size() == 1) go_on();
}

void LiveSteps::go_on() {
  auto& step = steps_.front();
  const auto has_settled = [](const Part& part) {
    return part.did == Did::frame || part.did == Did::ended ||
           (part.did == Did::nothing && part.wanted.wait);
  };
  for (;;) {
    while (step.at < step.parts.size() && has_settled(step.parts[step.at])) ++step.at;
    if (step.at < step.parts.size()) break;
    if (!step.moved) return end();
    step.moved = false;
    step.at = 0;
    if (std::ranges::all_of(step.parts, has_settled)) return end();
  }
  const auto& part = step.parts[step.at];
  JsonObject message{{"op", part.did == Did::room ? "rest" : "step"}, {"wait", part.wanted.wait}};
  orders_.give({{part.wanted.block, std::move(message)}},
               [this](const LiveOrders::Outcome& outcome) { part_done(outcome); });
}

void LiveSteps::part_done(const LiveOrders::Outcome& outcome) {
  auto& step = steps_.front();
  auto& part = step.parts[step.at];
  std::ranges::copy(outcome.refusals, std::back_inserter(step.result.refusals));
  if (!outcome.busy.empty() && !part.wanted.wait) {
    step.result.busy.push_back(part.wanted.block);
    return end();
  }
  if (outcome.done.empty()) {
    part.did = outcome.busy.empty() ? Did::ended : Did::nothing;
  } else {
    const auto did = text_of(outcome.done.front().second, "did");
    part.did = did == "frame" ? Did::frame : did == "room" ? Did::room : Did::nothing;
  }
  step.moved = step.moved || part.did == Did::frame;
  ++step.at;
  go_on();
}

void LiveSteps::end() {
  auto step = std::move(steps_.front());
  steps_.pop_front();
  for (const auto& part : step.parts) {
    if (part.did == Did::frame) step.result.stepped.push_back(part.wanted.block);
    if (part.did == Did::room || part.did == Did::nothing) {
      step.result.waiting.push_back(part.wanted.block);
    }
  }
  step.told(step.result);
  if (!steps_.empty()) go_on();
}

}  // namespace vcengine
