#include "saved_run.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/control/json.hpp"
#include "questions.hpp"

namespace vcengine::bench {

namespace {

using vcengine::text_of;  // of a member; bench has others

struct SavedFigure {
  FigureKey key;
  std::string unit;
  std::vector<double> rounds;
};

double number_of(const Json& json, const std::string& name) {
  if (!json.is_number()) throw JsonError('\'' + name + "' must be a number");
  return json.to_number<double>();
}

SavedFigure figure_of(const Json& json) {
  const auto& object = object_of(json, "figures");
  SavedFigure figure{{text_of(object, "question"), text_of(object, "who"), text_of(object, "part")},
                     text_of(object, "unit"),
                     {}};
  for (const auto& value : array_of(object, "rounds")) {
    figure.rounds.push_back(number_of(value, "rounds"));
  }
  return figure;
}

Machine machine_of(const JsonObject& object) {
  return {.cpu = text_of(object, "cpu"),
          .kernel = text_of(object, "kernel"),
          .cores = static_cast<int>(integer_of(object, "cores")),
          .load = number_of(member(object, "load"), "load"),
          .is_virtual = flag_of(object, "virtual")};
}

/// A question about circuits is one that a circuit has answered.
void keep(std::vector<SavedFigure>& figures, About about) {
  if (about == About::everything) return;
  std::set<std::string> of_circuits;
  for (const auto& figure : figures) {
    if (figure.key.who == kCircuit) of_circuits.insert(figure.key.question);
  }
  std::erase_if(figures, [&](const SavedFigure& figure) {
    return of_circuits.contains(figure.key.question) != (about == About::circuits);
  });
}

}  // namespace

SavedRun parse_saved_run(std::string_view text, About about) {
  const auto json = parse_json(text);
  const auto& document = object_of(json, "the document");
  SavedRun run{.machine = machine_of(object_of(member(document, "machine"), "machine"))};
  std::vector<SavedFigure> saved;
  for (const auto& figure : array_of(document, "figures")) saved.push_back(figure_of(figure));
  keep(saved, about);
  for (const auto& figure : saved) run.rounds = std::max(run.rounds, figure.rounds.size());
  for (std::size_t round = 0; round < run.rounds; ++round) {
    run.figures.begin_round();
    for (const auto& [key, unit, rounds] : saved) {
      if (round < rounds.size()) run.figures.add(key, unit, rounds[round]);
    }
  }
  const auto& notes = object_of(member(document, "notes"), "notes");
  for (const auto& note : notes) run.figures.note(note.key(), text_of(notes, note.key()));
  return run;
}

SavedRun read_saved_run(const std::string& path, About about) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) {
    throw std::runtime_error("cannot read '" + path + "'; name a file that --json wrote");
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  try {
    return parse_saved_run(text, about);
  } catch (const JsonError& error) {
    throw std::runtime_error(path + ": " + error.what() + "; name a file that --json wrote");
  }
}

}  // namespace vcengine::bench
