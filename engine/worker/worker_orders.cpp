#include "engine/worker/worker_orders.hpp"

#include <chrono>
#include <utility>
#include <vector>

#include "block_access.hpp"
#include "engine/control/description_json.hpp"
#include "log_level.hpp"
#include "settings.hpp"

namespace vcengine {

void WorkerOrders::take() {
  while (!settings_.empty()) {
    const auto message = std::move(settings_.front());
    settings_.pop_front();
    obey(message);
  }
  if (!pending()) return;
  // Before the messages are read: what comes meanwhile is counted as new.
  seen_ = line_.orders.load(std::memory_order_seq_cst);
  bool closed = false;
  while (const auto message = host_.try_receive(closed)) obey(message->body);
}

void WorkerOrders::take_inside() {
  if (!pending()) return;
  seen_ = line_.orders.load(std::memory_order_seq_cst);
  bool closed = false;
  while (auto message = host_.try_receive(closed)) {
    if (text_of(message->body, "op") != "set") {
      obey(message->body);
      continue;
    }
    // Only where it may take long; else the answer comes with the end of this process().
    if (held()) host_.send({{"op", "answer"}, {"id", message->body.at("id")}, {"later", true}});
    settings_.push_back(std::move(message->body));
  }
}

void WorkerOrders::obey(const JsonObject& message) {
  const auto op = text_of(message, "op");
  if (op == "leave" || op == "stay") {
    leaving_ = op == "leave";
    drains_ = leaving_ && flag_of(message, "drain");
    return;
  }
  const auto id = integer_of(message, "id");
  JsonObject done{{"op", "answer"}, {"id", id}};
  if (op == "step" || op == "rest") {
    answer("nothing");  // the one before, if it still waits
    asked_ = id;
    if (op == "step") {
      step_ = true;
      wait_ = flag_of(message, "wait");
    } else if (!step_) {
      answer("frame");  // its process() has returned meanwhile
    }
    return;
  }
  if (op == "set") {
    if (auto problem = change_settings(message); !problem.empty()) done["error"] = problem;
  } else if (op == "pause") {
    paused_ = true;
    step_ = false;  // one that had found no frame or no room is taken back
    answer("nothing");
  } else if (op == "resume") {
    paused_ = step_ = false;
    answer("nothing");
    detail::BlockAccess::hold_back_pace(block_,
                                        std::chrono::nanoseconds(integer_of(message, "paused_ns")));
  } else if (op == "log_level") {
    set_log_level(text_of(message, "level"));
  } else {
    throw ChannelError("the host sent an unknown message '" + op + "'");
  }
  host_.send(done);
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

void WorkerOrders::called() {
  if (!step_) return;
  step_ = false;
  answer("frame");
}

void WorkerOrders::found_nothing() {
  if (!step_ || wait_) return;
  step_ = false;
  answer("nothing");
}

void WorkerOrders::waits_for_room() {
  if (step_) answer("room");
}

void WorkerOrders::answer(std::string_view did) {
  if (!asked_) return;
  host_.send({{"op", "answer"}, {"id", *std::exchange(asked_, std::nullopt)}, {"did", did}});
}

}  // namespace vcengine
