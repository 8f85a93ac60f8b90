#include "engine/run/worker_phase.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace vcengine {

namespace {

using Phase = WorkerPhase;
using Event = WorkerEvent;
using Action = SupervisorAction;

struct Row {
  Phase phase;
  Event event;
  Phase next;
  Action action;
};

constexpr Row kTable[] = {
    {Phase::greeting, Event::hello, Phase::loading, Action::send_load},
    {Phase::loading, Event::debug_wait, Phase::loading, Action::start_debugger},
    {Phase::loading, Event::loaded, Phase::loaded, Action::look_at_all},
    {Phase::mapping_own, Event::mapped, Phase::mapped, Action::look_at_all},
    {Phase::mapping_others, Event::wired, Phase::wired, Action::look_at_all},
    {Phase::starting, Event::ready, Phase::ready, Action::look_at_all},
    {Phase::starting, Event::stop_circuit, Phase::starting, Action::stop_circuit},
    {Phase::running, Event::stop_circuit, Phase::running, Action::stop_circuit},
    {Phase::running, Event::answer, Phase::running, Action::take_answer},
    {Phase::running, Event::finished, Phase::finished, Action::block_finished},
    {Phase::running, Event::left, Phase::left, Action::nothing},
    {Phase::running, Event::begins_anew, Phase::ended, Action::nothing},

    {Phase::greeting, Event::failed, Phase::failed, Action::give_up},
    {Phase::loading, Event::failed, Phase::failed, Action::give_up},
    {Phase::loaded, Event::failed, Phase::failed, Action::give_up},
    {Phase::mapping_own, Event::failed, Phase::failed, Action::give_up},
    {Phase::mapped, Event::failed, Phase::failed, Action::give_up},
    {Phase::mapping_others, Event::failed, Phase::failed, Action::give_up},
    {Phase::wired, Event::failed, Phase::failed, Action::give_up},
    {Phase::starting, Event::failed, Phase::failed, Action::give_up},
    {Phase::ready, Event::failed, Phase::failed, Action::give_up},
    {Phase::running, Event::failed, Phase::failed, Action::give_up},

    {Phase::greeting, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::loading, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::loaded, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::mapping_own, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::mapped, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::mapping_others, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::wired, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::starting, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::ready, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::running, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::failed, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::left, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::ended, Event::died, Phase::down, Action::wait_to_restart},
    {Phase::down, Event::launched, Phase::greeting, Action::nothing},

    {Phase::greeting, Event::ended, Phase::gone, Action::bury},
    {Phase::loading, Event::ended, Phase::gone, Action::bury},
    {Phase::loaded, Event::ended, Phase::gone, Action::bury},
    {Phase::mapping_own, Event::ended, Phase::gone, Action::bury},
    {Phase::mapped, Event::ended, Phase::gone, Action::bury},
    {Phase::mapping_others, Event::ended, Phase::gone, Action::bury},
    {Phase::wired, Event::ended, Phase::gone, Action::bury},
    {Phase::starting, Event::ended, Phase::gone, Action::bury},
    {Phase::ready, Event::ended, Phase::gone, Action::bury},
    {Phase::running, Event::ended, Phase::gone, Action::bury},
    {Phase::down, Event::ended, Phase::gone, Action::bury},
    {Phase::left, Event::ended, Phase::gone, Action::bury},
    {Phase::finished, Event::ended, Phase::gone, Action::settle},
    {Phase::failed, Event::ended, Phase::gone, Action::settle},
    {Phase::ended, Event::ended, Phase::gone, Action::settle},
};

constexpr auto kPhases = static_cast<std::size_t>(Phase::count_);
static_assert(kPhases == 16 && static_cast<std::size_t>(Event::count_) == 15,
              "a new phase or event needs its rows in the table");

constexpr bool rows_differ() {
  for (std::size_t i = 0; i < std::size(kTable); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (kTable[i].phase == kTable[j].phase && kTable[i].event == kTable[j].event) return false;
    }
  }
  return true;
}
static_assert(rows_differ());

/// Every process ends, whatever it was at.
constexpr bool every_phase_ends() {
  for (std::size_t phase = 0; phase + 1 < kPhases; ++phase) {
    const auto ends = [&](const Row& row) {
      return row.phase == static_cast<Phase>(phase) && row.event == Event::ended;
    };
    if (!std::any_of(std::begin(kTable), std::end(kTable), ends)) return false;
  }
  return true;
}
static_assert(every_phase_ends());

}  // namespace

Transition transition(WorkerPhase phase, WorkerEvent event) {
  const auto row = std::ranges::find_if(
      kTable, [&](const Row& other) { return other.phase == phase && other.event == event; });
  if (row == std::end(kTable)) return {phase, Action::refuse};
  return {row->next, row->action};
}

std::optional<WorkerEvent> event_named(std::string_view op) {
  static constexpr std::array<std::pair<std::string_view, Event>, 12> kNames = {{
      {"hello", Event::hello},
      {"debug_wait", Event::debug_wait},
      {"loaded", Event::loaded},
      {"mapped", Event::mapped},
      {"wired", Event::wired},
      {"ready", Event::ready},
      {"finished", Event::finished},
      {"left", Event::left},
      {"begins_anew", Event::begins_anew},
      {"stop_circuit", Event::stop_circuit},
      {"answer", Event::answer},
      {"failed", Event::failed},
  }};
  const auto found = std::ranges::find(kNames, op, &std::pair<std::string_view, Event>::first);
  if (found == kNames.end()) return std::nullopt;
  return found->second;
}

std::string_view to_string(WorkerPhase phase) {
  switch (phase) {
    case Phase::greeting:
      return "starting up";
    case Phase::loading:
      return "loading its plugin";
    case Phase::loaded:
      return "waiting for the other plugins";
    case Phase::mapping_own:
    case Phase::mapped:
    case Phase::mapping_others:
    case Phase::wired:
      return "being wired";
    case Phase::starting:
      return "in start()";
    case Phase::ready:
      return "waiting to run";
    case Phase::running:
      return "running";
    case Phase::finished:
      return "finished";
    case Phase::left:
      return "leaving its place";
    case Phase::ended:
      return "at its end";
    case Phase::failed:
      return "giving up";
    case Phase::down:
      return "waiting to be started again";
    case Phase::gone:
    case Phase::count_:
      break;
  }
  return "gone";
}

}  // namespace vcengine
