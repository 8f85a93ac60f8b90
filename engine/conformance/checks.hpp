/// The standard checks: what any block must survive.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/conformance/subject.hpp"

namespace vcengine {

/// What a check gathers as it goes.
struct Findings {
  std::vector<std::string> failures;
  std::vector<std::string> notes;

  void fail(std::string text) { add(failures, std::move(text)); }
  void note(std::string text) { add(notes, std::move(text)); }

 private:
  static void add(std::vector<std::string>& texts, std::string text);  ///< each once
};

struct Check {
  std::string_view name;
  std::string_view about;                  ///< completes "what passes: a block that …"
  void (*run)(const Subject&, Findings&);  ///< null: the parent has its own way
  bool on_demand = false;                  ///< only if it is asked for
};

std::span<const Check> all_checks();
/// Null if there is none.
const Check* find_check(std::string_view name);

// Each throws CheckSkipped if it cannot be made, StartRefused if the block does not start.
void check_description(const Subject&, Findings&);
void check_settings(const Subject&, Findings&);
void check_sizes(const Subject&, Findings&);
void check_types(const Subject&, Findings&);
void check_stop(const Subject&, Findings&);
void check_exceptions(const Subject&, Findings&);
void check_growth(const Subject&, Findings&);
/// Writes a recording into the current folder; the parent compares two of them.
void record_outputs(const Subject&, Findings&);
/// A short life of the block, for valgrind to watch.
void run_shortly(const Subject&, Findings&);

/// An exception's words in one line of bearable length.
std::string brief(std::string_view words);

}  // namespace vcengine
