#include "figures.hpp"

#include <algorithm>
#include <utility>

namespace vcengine::bench {

double Figure::middle() const {
  std::vector<double> values;
  for (const auto& [round, value] : by_round) values.push_back(value);
  return median(std::move(values));
}

void Figures::add(const FigureKey& key, std::string_view unit, double value) {
  if (std::ranges::find(questions_, key.question) == questions_.end()) {
    questions_.push_back(key.question);
  }
  auto& figure = figures_[key];
  figure.unit = unit;
  figure.by_round[round_] = value;
}

void Figures::add(std::string_view question, std::string_view who, std::string_view unit,
                  const Quantiles& quantiles) {
  const auto part = [&](const char* name, double value) {
    add({std::string(question), std::string(who), name}, unit, value);
  };
  part("p50", quantiles.p50);
  part("p99", quantiles.p99);
  if (quantiles.p999) part("p999", *quantiles.p999);
}

void Figures::note(std::string_view about, std::string text) {
  notes_[std::string(about)] = std::move(text);
}

const Figure* Figures::find(const FigureKey& key) const {
  const auto found = figures_.find(key);
  return found == figures_.end() ? nullptr : &found->second;
}

std::optional<double> Figures::median_of(const FigureKey& key) const {
  const auto* figure = find(key);
  if (figure == nullptr) return std::nullopt;
  return figure->middle();
}

std::optional<double> Figures::ratio(const FigureKey& of, const FigureKey& over) const {
  const auto* dividend = find(of);
  const auto* divisor = find(over);
  if (dividend == nullptr || divisor == nullptr) return std::nullopt;
  std::vector<double> ratios;
  for (const auto& [round, value] : dividend->by_round) {
    const auto same = divisor->by_round.find(round);
    if (same != divisor->by_round.end()) ratios.push_back(value / same->second);
  }
  if (ratios.empty()) return std::nullopt;
  return median(std::move(ratios));
}

}  // namespace vcengine::bench
