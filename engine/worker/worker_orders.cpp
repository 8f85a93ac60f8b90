#include "engine/worker/worker_orders.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "block_access.hpp"
#include "engine/control/description_json.hpp"
#include "settings.hpp"

namespace vcengine {

void WorkerOrders::take() {
  if (!pending()) return;
  // Before the messages are read: what comes meanwhile is counted as new.
  seen_ = line_.orders.load(std::memory_order_seq_cst);
  bool closed = false;
  while (const auto message = host_.try_receive(closed)) obey(message->body);
}

void WorkerOrders::obey(const JsonObject& message) {
  const auto op = text_of(message, "op");
  const auto id = integer_of(message, "id");
  JsonObject answer{{"op", "answer"}, {"id", id}};
  if (op == "set") {
    if (auto problem = change_settings(message); !problem.empty()) answer["error"] = problem;
  } else if (op == "pause") {
    paused_ = true;
  } else if (op == "resume") {
    paused_ = false;
    detail::BlockAccess::hold_back_pace(block_,
                                        std::chrono::nanoseconds(integer_of(message, "paused_ns")));
    if (step_) answer_step();
  } else if (op == "step") {
    if (step_) answer_step();  // its frame never came; this one waits for the same
    step_ = id;
    return;
  } else {
    throw ChannelError("the host sent an unknown message '" + op + "'");
  }
  host_.send(answer);
}

/// What is wrong with them; then nothing was changed.
std::string WorkerOrders::change_settings(const JsonObject& message) {
  std::vector<std::pair<std::string, ParamValue>> settings;
  for (const auto& entry : array_of(message, "params")) {
    const auto& setting = object_of(entry, "param");
    settings.emplace_back(text_of(setting, "name"),
                          param_value_from_json(member(setting, "value")));
  }
  try {
    detail::change_settings(block_, settings);
    return {};
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "its check() threw something that is no std::exception";
  }
}

void WorkerOrders::answer_step() {
  host_.send({{"op", "answer"}, {"id", *step_}});
  step_.reset();
}

}  // namespace vcengine
