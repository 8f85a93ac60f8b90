#include <utility>

#include "figures_text.hpp"
#include "goals.hpp"

namespace vcengine::bench {

namespace {

JsonObject to_json(const Machine& machine) {
  return {{"cpu", machine.cpu},
          {"kernel", machine.kernel},
          {"cores", machine.cores},
          {"virtual", machine.is_virtual},
          {"load", machine.load}};
}

JsonObject to_json(const FigureKey& key, const Figure& figure) {
  JsonArray rounds;
  for (const auto& [round, value] : figure.by_round) rounds.emplace_back(value);
  return {{"question", key.question},  {"who", key.who},
          {"part", key.part},          {"unit", figure.unit},
          {"median", figure.middle()}, {"rounds", std::move(rounds)}};
}

}  // namespace

std::string json(const Figures& figures, const Machine& machine, JsonObject more) {
  JsonObject ratios, notes, goal_texts;
  for (const auto& [about, text] : figures.notes()) notes[about] = text;
  for (const auto& goal : goals()) {
    const auto value = goal.measured(figures);
    ratios[goal.name] = value ? Json(*value) : Json(nullptr);
    goal_texts[goal.name] = text_of(goal);
    if (!value) notes[goal.name] = why_missing(goal, figures);
  }
  JsonArray all;
  for (const auto& [key, figure] : figures.all()) all.push_back(to_json(key, figure));
  more["machine"] = to_json(machine);
  more["ratios"] = std::move(ratios);
  more["goals"] = std::move(goal_texts);
  more["notes"] = std::move(notes);
  more["figures"] = std::move(all);
  return to_text(more);
}

}  // namespace vcengine::bench
