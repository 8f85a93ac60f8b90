#include "tools/control/commands.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "engine/control/description_json.hpp"
#include "engine/control/nearest_word.hpp"
#include "tools/common/refusal.hpp"
#include "tools/common/setting_text.hpp"
#include "tools/control/running_circuits.hpp"
#include "tools/control/text_columns.hpp"

namespace vcengine {
namespace {

void print(const Json& json) { fmt::print("{}\n", to_text(json)); }

std::vector<std::string> words_of(const JsonObject& answer, std::string_view name) {
  std::vector<std::string> words;
  for (const auto& word : array_of(answer, name)) {
    if (const auto* text = word.if_string()) words.emplace_back(text->data(), text->size());
  }
  return words;
}

/// "0 to 1000", "fast, slow"; empty: whatever its kind can be.
std::string allowed(const ParamInfo& param) {
  if (!param.choices.empty()) return join(param.choices);
  const auto limit = [&](const std::optional<ParamValue>& value) {
    return value && is_chosen(*value) ? in_circuit(param, *value) : std::string();
  };
  const auto least = limit(param.min);
  const auto most = limit(param.max);
  if (least.empty()) return most.empty() ? "" : "up to " + most;
  return most.empty() ? "from " + least : least + " to " + most;
}

}  // namespace

int answer(const PsRequest& request) {
  auto found = find_circuits(control_folder());
  JsonArray circuits;
  for (auto& circuit : found.circuits) {
    try {
      circuits.emplace_back(ask(circuit, {{"op", "status"}}));
    } catch (const ControlError& error) {
      found.problems.push_back(
          fmt::format("{} ({}): {}", circuit.circuit(), circuit.pid(), error.what()));
    }
  }
  for (const auto& problem : found.problems) fmt::print(stderr, "vcengine ps: {}\n", problem);
  if (request.json) {
    print(JsonObject{{"circuits", std::move(circuits)}});
    return 0;
  }
  if (circuits.empty()) {
    fmt::print("no circuit is running\n");
    return 0;
  }
  std::vector<std::vector<std::string>> rows = {
      {"PID", "NAME", "STATE", "RUNNING", "BLOCKS", "FRAMES", "FILE"}};
  for (const auto& json : circuits) {
    const auto& circuit = object_of(json, "circuit");
    rows.push_back({std::to_string(integer_of(circuit, "pid")), text_of(circuit, "circuit"),
                    text_of(circuit, "state"), short_time(integer_of(circuit, "running_ns")),
                    std::to_string(integer_of(circuit, "blocks")),
                    std::to_string(integer_of(circuit, "frames")), text_of(circuit, "file")});
  }
  fmt::print("{}", in_columns(rows, {0, 3, 4, 5}));
  return 0;
}

int answer(const StopRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "stop"}});
  while (circuit.receive(true)) {
    // Until the host closes the connection: it ends then.
  }
  if (request.json) print(said);
  return 0;
}

int answer(const BlockRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  JsonObject question{{"op", request.op}};
  if (!request.block.empty()) question["block"] = request.block;
  const auto said = ask(circuit, std::move(question));
  if (request.json) {
    print(said);
  } else if (request.op == "step") {
    const auto stepped = words_of(said, "stepped");
    const auto waiting = words_of(said, "waiting");
    if (!stepped.empty()) fmt::print("worked on a frame: {}\n", join(stepped));
    if (!waiting.empty()) fmt::print("still wait for one, or for room: {}\n", join(waiting));
  }
  return 0;
}

int answer(const GetRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  JsonObject question{{"op", "get"}};
  const auto dot = request.setting.find('.');
  if (!request.setting.empty()) question["block"] = request.setting.substr(0, dot);
  if (dot != std::string::npos) question["param"] = request.setting.substr(dot + 1);
  const auto said = ask(circuit, std::move(question));
  if (request.json) {
    print(said);
    return 0;
  }
  std::vector<std::vector<std::string>> rows;
  for (const auto& json : array_of(said, "settings")) {
    const auto& setting = object_of(json, "setting");
    const auto info = param_info_from_json(member(setting, "info"));
    rows.push_back(
        {text_of(setting, "block") + '.' + info.name, text_of(setting, "text"), allowed(info)});
  }
  fmt::print("{}", in_columns(rows));
  return 0;
}

int answer(const ReloadRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "reload"}});
  if (request.json) {
    print(said);
    return 0;
  }
  const auto exchanged = words_of(said, "exchanged");
  const auto set = words_of(said, "set");
  if (!exchanged.empty()) fmt::print("exchanged: {}\n", join(exchanged));
  if (!set.empty()) fmt::print("set: {}\n", join(set));
  if (exchanged.empty() && set.empty()) fmt::print("nothing has changed\n");
  return 0;
}

int answer(const SwapRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  JsonObject question{{"op", "swap"}, {"block", request.block}};
  if (!request.plugin.empty()) {
    question["plugin"] = std::filesystem::absolute(request.plugin).lexically_normal().string();
  }
  const auto said = ask(circuit, std::move(question));
  if (request.json) print(said);
  return 0;
}

int answer(const SetRequest& request) {
  JsonArray settings;
  for (const auto& text : request.settings) {
    const auto equals = text.find('=');
    const auto dot = text.find('.');
    if (equals == std::string::npos || dot > equals) {
      throw Refusal(fmt::format(
          "'{}' is no setting; one is 'block.parameter=value', such as detect.low=60", text));
    }
    settings.push_back(JsonObject{{"block", text.substr(0, dot)},
                                  {"param", text.substr(dot + 1, equals - dot - 1)},
                                  {"value", text.substr(equals + 1)}});
  }
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "set"}, {"settings", std::move(settings)}});
  if (request.json) print(said);
  return 0;
}

int answer(const RestartRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "restart"}, {"block", request.block}});
  if (request.json) print(said);
  return 0;
}

int answer(const LogsRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  JsonObject question{{"op", "logs"}, {"follow", request.follow}};
  if (!request.block.empty()) question["block"] = request.block;
  if (request.last >= 0) question["last"] = request.last;
  circuit.send(std::move(question));
  while (auto line = circuit.receive(request.follow)) {
    if (line->contains("ok")) {
      if (!flag_of(*line, "ok")) throw Refusal(text_of(*line, "error"));
      return 0;
    }
    line->stable_erase("id");
    if (request.json) {
      print(*line);
    } else if (line->contains("lost")) {
      fmt::print(stderr, "vcengine logs: {} lines came too fast, and are lost\n",
                 integer_of(*line, "lost"));
    } else {
      const auto block = line->contains("block") ? text_of(*line, "block") : "vcengine";
      fmt::print("[{}] {}\n", block, text_of(*line, "text"));
    }
    std::fflush(stdout);
  }
  return 0;  // it has ended
}

int answer(const LogLevelRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said =
      ask(circuit, {{"op", "log_level"}, {"block", request.block}, {"level", request.level}});
  if (request.json) print(said);
  return 0;
}

/// 2 if something that was tuned is not in the file.
int answer(const SaveRequest& request) {
  auto circuit = choose_circuit(request.circuit);
  const auto said = ask(circuit, {{"op", "save"}});
  const auto& left = array_of(said, "left");
  if (request.json) {
    print(said);
    return left.empty() ? 0 : 2;
  }
  const auto setting_in = [](const JsonObject& setting) {
    return fmt::format("{}.{}={}", text_of(setting, "block"), text_of(setting, "param"),
                       text_of(setting, "text"));
  };
  const auto& saved = array_of(said, "saved");
  if (saved.empty() && left.empty()) fmt::print("nothing was tuned\n");
  for (const auto& json : saved) {
    fmt::print("{}: {}\n", text_of(said, "file"), setting_in(object_of(json, "setting")));
  }
  for (const auto& json : left) {
    const auto& setting = object_of(json, "setting");
    fmt::print(stderr, "vcengine params: {} cannot be saved: {}\n", setting_in(setting),
               text_of(setting, "why"));
  }
  return left.empty() ? 0 : 2;
}

int answer(const PrintRequest& request) {
  std::fputs(request.text.c_str(), request.status == 0 ? stdout : stderr);
  return request.status;
}

}  // namespace vcengine
