#include "engine/conformance/checks.hpp"

#include <algorithm>
#include <array>

namespace vcengine {

namespace {

constexpr std::array kChecks = {
    Check{"description", "describes itself twice alike; empty docs are noted", check_description},
    Check{"settings", "works at each end of each setting's range and with each choice",
          check_settings},
    Check{"sizes", "survives pictures and values of every size, and sizes that change",
          check_sizes},
    Check{"types", "never sees a frame of another type, and survives all that its inputs allow",
          check_types},
    Check{"stop", "can be stopped at any time", check_stop},
    Check{"exceptions", "loses one frame, and no more, when a frame cannot be sent",
          check_exceptions},
    Check{"growth", "needs no more memory, descriptors and threads the longer it runs",
          check_growth},
    Check{"determinism", "gives equal outputs for equal inputs, in every process", record_outputs},
    Check{"valgrind", "reads and writes only its own, initialised memory, and leaks none",
          run_shortly, true},
};

}  // namespace

void Findings::add(std::vector<std::string>& texts, std::string text) {
  if (std::ranges::find(texts, text) == texts.end()) texts.push_back(std::move(text));
}

std::span<const Check> all_checks() { return kChecks; }

const Check* find_check(std::string_view name) {
  const auto* found = std::ranges::find(kChecks, name, &Check::name);
  return found == kChecks.end() ? nullptr : found;
}

std::string brief(std::string_view words) {
  constexpr std::size_t kLongest = 160;
  std::string text(words.substr(0, words.find_last_not_of(" \r\n\t") + 1));
  std::ranges::replace(text, '\n', ' ');
  if (text.size() > kLongest) text.replace(kLongest, std::string::npos, "...");
  return text;
}

}  // namespace vcengine
