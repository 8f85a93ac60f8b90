/// All that one call of the benchmark measured: for each figure one value a round.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "samples.hpp"

namespace vcengine::bench {

/// What was measured (`question`, the same for all who answer it), of whom, and which part of it:
/// {"spin/back_to_back/64B", "iceoryx", "p50"}.
struct FigureKey {
  std::string question, who, part;
  friend auto operator<=>(const FigureKey&, const FigureKey&) = default;
};

struct Figure {
  std::string unit;
  std::map<std::size_t, double> by_round;

  double middle() const;  ///< median of the rounds
};

class Figures {
 public:
  void begin_round() { ++round_; }

  void add(const FigureKey& key, std::string_view unit, double value);
  /// Parts p50, p99 and, of enough samples, p999.
  void add(std::string_view question, std::string_view who, std::string_view unit,
           const Quantiles& quantiles);
  /// Why there is no such figure, or what to know about it.
  void note(std::string_view about, std::string text);

  const Figure* find(const FigureKey& key) const;
  std::optional<double> median_of(const FigureKey& key) const;
  /// Median of the ratios round by round: what slows the machine down for a while slows both.
  /// None without a round that has both.
  std::optional<double> ratio(const FigureKey& of, const FigureKey& over) const;

  const std::map<FigureKey, Figure>& all() const noexcept { return figures_; }
  /// In the order in which they were first measured.
  const std::vector<std::string>& questions() const noexcept { return questions_; }
  const std::map<std::string, std::string>& notes() const noexcept { return notes_; }

 private:
  std::size_t round_ = 0;
  std::map<FigureKey, Figure> figures_;
  std::vector<std::string> questions_;
  std::map<std::string, std::string> notes_;
};

}  // namespace vcengine::bench
