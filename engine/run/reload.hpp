/// What becomes of the parts of a reload: several blocks get new processes, others new settings,
/// each in its time. Tells the outcome when all are done, whoever is last.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace vcengine {

struct ReloadOutcome {
  std::vector<std::string> exchanged;  ///< blocks
  std::vector<std::string> set;        ///< "detect.low"
  std::vector<std::string> problems;   ///< what stays as it was, and why
};

class Reload {
 public:
  using OnOutcome = std::function<void(const ReloadOutcome&)>;

  explicit Reload(OnOutcome on_outcome) : on_outcome_(std::move(on_outcome)) {}
  ~Reload() {
    std::ranges::sort(outcome.exchanged);  // they came as they were done
    on_outcome_(outcome);
  }
  Reload(const Reload&) = delete;
  Reload& operator=(const Reload&) = delete;

  ReloadOutcome outcome;

 private:
  OnOutcome on_outcome_;
};

/// Held by each part that is not done.
using SharedReload = std::shared_ptr<Reload>;

}  // namespace vcengine
