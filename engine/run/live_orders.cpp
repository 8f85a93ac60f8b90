#include "engine/run/live_orders.hpp"

#include <algorithm>
#include <utility>

#include "engine/control/control_protocol.hpp"

namespace vcengine {

using namespace std::chrono_literals;

namespace {

/// Who has waited for less may be about to be woken.
constexpr std::chrono::milliseconds kPatience = 100ms;
/// A join may have frames at one of its inputs, and wait for the other one.
constexpr std::chrono::milliseconds kPatienceWithWork = 2s;
constexpr auto kLookEvery = 20ms;

using Doing = StallWatch::Doing;

}  // namespace

void LiveOrders::give(std::vector<std::pair<std::size_t, JsonObject>> messages, Patience patience,
                      OnOutcome on_outcome, OnDone on_done) {
  Order order;
  order.id = ++last_id_;
  order.patience = patience;
  order.since = order.last_news = Clock::now();
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
  if (answer.contains("error")) {
    order->outcome.refusals.push_back(plan_.blocks[block].name + ": " + text_of(answer, "error"));
  } else {
    order->outcome.done.push_back(block);
    if (order->on_done) order->on_done(block);
  }
  settle(*order, block);
}

void LiveOrders::settle(Order& order, std::size_t block) {
  std::erase(order.awaited, block);
  order.last_news = Clock::now();
}

void LiveOrders::block_ended(std::size_t block) {
  for (auto& order : orders_) {
    if (std::ranges::count(order.awaited, block) == 0) continue;
    order.outcome.refusals.push_back(plan_.blocks[block].name + " ended meanwhile");
    settle(order, block);
  }
}

void LiveOrders::check_times(Clock::time_point now) {
  if (orders_.empty()) return;
  const auto blocks = run_.blocks_now();
  std::vector<std::pair<OnOutcome, Outcome>> told;
  for (auto& order : orders_) {
    if (!order.on_outcome) continue;
    auto& outcome = order.outcome;
    outcome.waiting.clear();
    for (const auto block : order.awaited) {
      if (need_not_answer(order, block, blocks[block], now)) outcome.waiting.push_back(block);
    }
    if (outcome.waiting.size() < order.awaited.size()) {
      if (now - order.since < kConfirmTime) continue;
      for (const auto block : order.awaited) {
        if (std::ranges::count(outcome.waiting, block) == 0) outcome.busy.push_back(block);
      }
    }
    told.emplace_back(std::exchange(order.on_outcome, nullptr), outcome);
  }
  std::erase_if(orders_,
                [](const Order& order) { return !order.on_outcome && order.awaited.empty(); });
  for (const auto& [tell, outcome] : told) tell(outcome);
}

bool LiveOrders::need_not_answer(const Order& order, std::size_t block,
                                 const StallWatch::BlockNow& now_at, Clock::time_point now) const {
  const auto waited = now - std::max(now_at.since, order.last_news);
  switch (now_at.doing) {
    case Doing::waits_for_space:
      return order.patience != Patience::for_all && waited > kPatience;
    case Doing::waits_for_input:
      return order.patience == Patience::not_for_missing_frames &&
             waited > (run_.has_work(block) ? kPatienceWithWork : kPatience);
    case Doing::works:
    case Doing::ended:
      return false;
  }
  return false;
}

LiveOrders::Clock::time_point LiveOrders::due() const {
  const bool asked = std::ranges::any_of(
      orders_, [](const Order& order) { return static_cast<bool>(order.on_outcome); });
  if (!asked) return Clock::time_point::max();
  const bool settled = std::ranges::any_of(
      orders_, [](const Order& order) { return order.on_outcome && order.awaited.empty(); });
  return settled ? Clock::now() : Clock::now() + kLookEvery;
}

}  // namespace vcengine
