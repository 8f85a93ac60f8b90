/// Notices a block with several inputs that gets frames and can put none together, and says why.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/circuit/plan.hpp"
#include "engine/run/run_stats.hpp"

namespace vcengine {

class JoinWatch {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Borrows the plan.
  explicit JoinWatch(const Plan& plan);

  /// A sentence for each join that has matched nothing for a second although frames came; once for
  /// each join.
  std::vector<std::string> look(const RunStats& stats, TimePoint now);

 private:
  struct Join {
    std::size_t block;
    std::vector<std::size_t> wires;
    std::uint64_t matches = 0;
    TimePoint since;  ///< of the last match, or of the first frame that came
    bool told = false;
    RunStats then;  ///< the figures at `since`
  };

  bool frames_came(const Join& join, const RunStats& stats) const;
  std::string explain(const Join& join, const RunStats& stats) const;
  std::string lag(const Join& join, const RunStats& stats) const;
  std::string what_was_dropped(const Join& join, const RunStats& stats) const;
  bool any_superseded(const Join& join, const RunStats& stats) const;
  std::string who_is_at_work(const Join& join, const RunStats& stats) const;
  std::vector<std::size_t> wires_before(const Join& join) const;

  const Plan& plan_;
  std::vector<Join> joins_;
};

}  // namespace vcengine
