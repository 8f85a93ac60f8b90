#include "engine/run/asked_restarts.hpp"

#include <utility>

namespace vcengine {

void AskedRestarts::begin(std::size_t block, OnOutcome on_outcome) {
  restarts_.insert_or_assign(block,
                             Restart{.on_outcome = std::move(on_outcome), .since = Clock::now()});
}

bool AskedRestarts::died(std::size_t block) {
  const auto found = restarts_.find(block);
  if (found == restarts_.end()) return false;
  return !std::exchange(found->second.left, true) && found->second.killed;
}

void AskedRestarts::runs(std::size_t block) {
  const auto found = restarts_.find(block);
  if (found != restarts_.end() && found->second.left) tell(block, "");
}

void AskedRestarts::ended(std::size_t block) {
  if (restarts_.contains(block)) tell(block, "it has ended and does not come back");
}

void AskedRestarts::end_all() {
  while (!restarts_.empty()) {
    tell(restarts_.begin()->first, "the circuit was changed before it had its new process");
  }
}

void AskedRestarts::tell(std::size_t block, const std::string& problem) {
  auto restart = std::move(restarts_.at(block));
  restarts_.erase(block);
  restart.on_outcome(problem);
}

}  // namespace vcengine
