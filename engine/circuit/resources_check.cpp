#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/circuit/draft.hpp"
#include "engine/control/cores.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

/// Says once what is wrong with a value of `defaults:`, which comes to many blocks.
class FirstAtPlace {
 public:
  explicit FirstAtPlace(Draft& draft) : draft_(draft) {}

  void error(Place place, std::string message) {
    if (seen_.emplace(place.line, place.column, message).second)
      draft_.error(place, std::move(message));
  }

 private:
  Draft& draft_;
  std::set<std::tuple<int, int, std::string>> seen_;
};

/// The cores a block asks for; an error for those that there are not.
std::vector<int> cores_of(const ResourcesSpec& spec, const std::vector<int>& usable,
                          FirstAtPlace& report) {
  std::set<int> cores;
  for (const auto& range : spec.cpu) {
    std::vector<int> missing;
    for (int core = range.first; core <= range.last; ++core) {
      cores.insert(core);
      if (!std::ranges::binary_search(usable, core)) missing.push_back(core);
    }
    if (missing.empty() || usable.empty()) continue;
    report.error(range.place, std::string("this machine has no ") +
                                  (missing.size() == 1 ? "core " : "cores ") + cores_text(missing) +
                                  ", or vcengine may not use " +
                                  (missing.size() == 1 ? "it" : "them") + "; there " +
                                  (usable.size() == 1 ? "is " : "are ") + cores_text(usable));
  }
  return {cores.begin(), cores.end()};
}

fs::path cwd_of(const ResourcesSpec& spec, const fs::path& folder, FirstAtPlace& report) {
  if (spec.cwd.empty()) return {};
  const auto path = (folder / spec.cwd).lexically_normal();
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    const auto why = error ? error.message() : "it is no folder";
    report.error(spec.cwd_place,
                 "'cwd' must be a folder, not " + in_quotes(path.string()) + " (" + why + ')');
  }
  return path;
}

}  // namespace

void check_resources(Draft& draft, const std::vector<int>& usable_cores) {
  FirstAtPlace report(draft);
  for (std::size_t i = 0; i < draft.plan.blocks.size(); ++i) {
    const auto& spec = draft.circuit.blocks[i].resources;
    draft.plan.blocks[i].resources = {.cores = cores_of(spec, usable_cores, report),
                                      .nice = spec.nice,
                                      .memory = spec.memory,
                                      .env = spec.env,
                                      .cwd = cwd_of(spec, draft.circuit.folder, report)};
  }
}

}  // namespace vcengine
