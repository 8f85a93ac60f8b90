#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <vector>

#include "figures_text.hpp"
#include "goals.hpp"
#include "questions.hpp"

namespace vcengine::bench {

namespace {

constexpr std::string_view kOrder[] = {kLimit, kWire, "iceoryx", "zeromq"};

/// Three digits that mean something, never an exponent.
std::string number(double value) {
  const auto magnitude = std::abs(value);
  if (magnitude == 0 || magnitude >= 1e7) return fmt::format("{:.0f}", value);
  const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1;
  return fmt::format("{:.{}f}", value, std::clamp(3 - before, 0, 3));
}

std::string cell(const Figures& figures, const std::string& question, std::string_view who) {
  std::string text;
  for (const auto* part : {"p50", "p99", "p999"}) {
    const auto value = figures.median_of({question, std::string(who), part});
    if (!value) continue;
    if (!text.empty()) text += " / ";
    text += number(*value);
  }
  return text;
}

bool is_a_hop(const Figures& figures, const std::string& question) {
  return std::ranges::any_of(kOrder, [&](std::string_view who) {
    return figures.find({question, std::string(who), "p50"}) != nullptr;
  });
}

/// The limit that stands beside an answer of the wire: of the same name, or of the shorter name
/// that says no frame size.
std::string limit_of(const Figures& figures, std::string question) {
  for (;;) {
    if (auto text = cell(figures, question, kLimit); !text.empty()) return text;
    const auto slash = question.rfind('/');
    if (slash == std::string::npos) return {};
    question.erase(slash);
  }
}

std::string hops(const Figures& figures) {
  auto text = fmt::format("{:<32}{:>24}{:>24}{:>24}{:>24}\n", "p50 / p99 / p99.9, microseconds",
                          "limit", "wire", "iceoryx", "ZeroMQ");
  const auto heading = text.size();
  for (const auto& question : figures.questions()) {
    if (!is_a_hop(figures, question)) continue;
    text += fmt::format("{:<32}{:>24}", question, limit_of(figures, question));
    for (const auto who : {kWire, std::string_view("iceoryx"), std::string_view("zeromq")}) {
      text += fmt::format("{:>24}", cell(figures, question, who));
    }
    text += '\n';
  }
  return text.size() == heading ? std::string() : text + '\n';
}

std::string others(const Figures& figures) {
  std::string text;
  for (const auto& question : figures.questions()) {
    if (is_a_hop(figures, question)) continue;
    for (const auto& [key, figure] : figures.all()) {
      if (key.question != question) continue;
      text += fmt::format("{:<32}{:<17}{:<19}{:>14} {}\n", question, key.who, key.part,
                          number(figure.middle()), figure.unit);
    }
  }
  return text.empty() ? text : text + '\n';
}

std::string goal_lines(const Figures& figures) {
  auto text = fmt::format("{:<36}{:>14}   {}\n", "goals", "", "");
  for (const auto& goal : goals()) {
    const auto value = goal.measured(figures);
    if (value) {
      text += fmt::format("{:<36}{:>14}   {}{}\n", goal.name, number(*value), text_of(goal),
                          is_met(goal, *value) ? "" : "   MISSED");
    } else {
      text += fmt::format("{:<36}{:>14}   {}\n", goal.name, "-", why_missing(goal, figures));
    }
  }
  return text;
}

std::string notes(const Figures& figures) {
  std::string text;
  for (const auto& [about, note] : figures.notes()) {
    const bool is_goal = std::ranges::any_of(
        goals(), [&about = about](const Goal& goal) { return goal.name == about; });
    if (!is_goal) text += fmt::format("{}: {}\n", about, note);
  }
  return text.empty() ? text : '\n' + text;
}

}  // namespace

std::string table(const Figures& figures) {
  return hops(figures) + others(figures) + goal_lines(figures) + notes(figures);
}

}  // namespace vcengine::bench
