#include "engine/run/live_orders.hpp"

#include <algorithm>
#include <utility>

#include "engine/control/control_protocol.hpp"

namespace vcengine {

void LiveOrders::give(Messages messages, OnOutcome on_outcome, OnDone on_done) {
  Order order;
  order.id = ++last_id_;
  order.since = Clock::now();
  order.on_outcome = std::move(on_outcome);
  order.on_done = std::move(on_done);
  for (auto& [block, message] : messages) {
    message["id"] = order.id;
    const auto& name = plan_.blocks[block].name;
    if (const auto phase = run_.phase(block); phase != WorkerPhase::running) {
      order.outcome.refusals.push_back(name + " does not run: it is " +
                                       std::string(to_string(phase)));
    } else if (!run_.order(block, message)) {
      order.outcome.refusals.push_back(name + " takes no more orders: it is in a long process()");
    } else {
      order.awaited.push_back(block);
    }
  }
  orders_.push_back(std::move(order));
}

void LiveOrders::answered(std::size_t block, const JsonObject& answer) {
  const auto order = std::ranges::find(orders_, integer_of(answer, "id"), &Order::id);
  if (order == orders_.end() || std::ranges::count(order->awaited, block) == 0) return;
  auto& outcome = order->outcome;
  if (answer.contains("later")) {
    if (std::ranges::count(outcome.later, block) == 0) outcome.later.push_back(block);
    return;
  }
  std::erase(order->awaited, block);
  std::erase(outcome.later, block);
  if (answer.contains("error")) {
    outcome.refusals.push_back(plan_.blocks[block].name + ": " + text_of(answer, "error"));
    return;
  }
  outcome.done.emplace_back(block, answer);
  if (order->on_done) order->on_done(block);
}

void LiveOrders::end_all() {
  for (auto& order : orders_) {
    for (const auto block : std::exchange(order.awaited, {})) order.outcome.ended.push_back(block);
    order.outcome.later.clear();
  }
  check_times(Clock::now());
}

void LiveOrders::block_ended(std::size_t block) {
  for (auto& order : orders_) {
    if (std::erase(order.awaited, block) == 0) continue;
    std::erase(order.outcome.later, block);
    order.outcome.ended.push_back(block);
  }
}

void LiveOrders::check_times(Clock::time_point now) {
  std::vector<std::pair<OnOutcome, Outcome>> told;
  for (auto& order : orders_) {
    if (!order.on_outcome || (!order.is_clear() && now - order.since < kConfirmTime)) continue;
    for (const auto block : order.awaited) {
      if (std::ranges::count(order.outcome.later, block) == 0) order.outcome.busy.push_back(block);
    }
    told.emplace_back(std::exchange(order.on_outcome, nullptr), order.outcome);
  }
  std::erase_if(orders_,
                [](const Order& order) { return !order.on_outcome && order.awaited.empty(); });
  // Last, for who is told may give further orders.
  for (const auto& [tell, outcome] : told) tell(outcome);
}

LiveOrders::Clock::time_point LiveOrders::due() const {
  auto due = Clock::time_point::max();
  for (const auto& order : orders_) {
    if (order.on_outcome)
      due = std::min(due, order.is_clear() ? order.since : order.since + kConfirmTime);
  }
  return due;
}

}  // namespace vcengine
