#include "engine/run/live_control.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "engine/circuit/diagnostic.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/control/report_json.hpp"

namespace vcengine {

void LiveControl::watch(PollSet& events) {
  if (server_ == nullptr) return;
  for (const auto& wanted : server_->wanted()) {
    events.watch(wanted.fd, wanted.events,
                 [this, client = wanted.client] { server_->ready(client); });
  }
}

void LiveControl::serve() {
  if (server_ != nullptr) server_->serve(*this);
}

LiveControl::Clock::time_point LiveControl::due() const {
  return server_ != nullptr ? server_->due() : Clock::time_point::max();
}

void LiveControl::handle(const ControlCall& call, const JsonObject& request) {
  using Function = Answer (LiveControl::*)(const ControlCall&, const JsonObject&);
  static constexpr std::array<std::pair<std::string_view, Function>, 3> kOps = {{
      {"status", &LiveControl::status},
      {"stats", &LiveControl::stats},
      {"stop", &LiveControl::stop},
  }};
  const auto op = text_of(request, "op");
  const auto* const found =
      std::ranges::find(kOps, std::string_view(op), &std::pair<std::string_view, Function>::first);
  if (found == kOps.end()) {
    std::vector<std::string> names;
    for (const auto& [name, function] : kOps) names.emplace_back(name);
    throw JsonError("no op " + in_quotes(op) + "; there are " + join(names));
  }
  if (auto answer = (this->*found->second)(call, request))
    server_->answer(call, std::move(*answer));
}

LiveControl::Answer LiveControl::status(const ControlCall&, const JsonObject&) {
  const auto figures = run_.stats();
  std::uint64_t frames = 0;
  for (const auto& block : figures.blocks) frames += block.is_source ? block.frames : 0;
  const auto* const state = run_.stopping() ? "stopping" : run_.running() ? "running" : "starting";
  return JsonObject{{"circuit", plan_.name},
                    {"pid", ::getpid()},
                    {"file", plan_.file.string()},
                    {"state", state},
                    {"running_ns", figures.running.count()},
                    {"blocks", plan_.blocks.size()},
                    {"frames", frames}};
}

LiveControl::Answer LiveControl::stats(const ControlCall&, const JsonObject&) {
  return JsonObject{{"stats", parse_json(report_json(run_.stats()))}};
}

LiveControl::Answer LiveControl::stop(const ControlCall&, const JsonObject&) {
  run_.stop_on_request();
  return JsonObject{};
}

}  // namespace vcengine
