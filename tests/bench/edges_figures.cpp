#include "edges_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "engine/control/json.hpp"

namespace vcengine::bench {

namespace {

struct Spread {
  double min, median, max;
};

Spread spread(std::vector<double> values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  const auto median =
      values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {values.front(), median, values.back()};
}

template <class Figure>
std::vector<double> of_each(const std::vector<Round>& rounds, Figure figure) {
  std::vector<double> values;
  for (const auto& round : rounds) values.push_back(figure(round));
  return values;
}

double running_rate(const Measured& run) { return static_cast<double>(run.frames) / run.running; }
double whole_rate(const Measured& run) { return static_cast<double>(run.frames) / run.whole; }
double cpu_per_frame(const Measured& run) { return run.cpu / static_cast<double>(run.frames); }

struct Program {
  std::string_view name;
  Measured Round::*run;
};
constexpr Program kPrograms[] = {
    {"one_thread", &Round::one_thread}, {"threads", &Round::threads}, {"circuit", &Round::circuit}};

struct Ratio {
  std::string_view name;
  Measured Round::*base;
  double goal;  ///< of the running part
};
constexpr Ratio kRatios[] = {{"edges_over_one_thread", &Round::one_thread, 1.5},
                             {"edges_over_threaded", &Round::threads, 0.95}};

constexpr double kFirstFrameGoal = 0.35;

/// Round by round: what slows the machine down meanwhile slows both.
std::vector<double> ratios(const std::vector<Round>& rounds, const Ratio& ratio,
                           double (*rate)(const Measured&)) {
  return of_each(rounds,
                 [&](const Round& round) { return rate(round.circuit) / rate(round.*ratio.base); });
}

std::string columns(const Spread& values, int digits) {
  return fmt::format("{:8.{}f} {:8.{}f} {:8.{}f}", values.min, digits, values.median, digits,
                     values.max, digits);
}

JsonObject to_json(const Measured& run) {
  return {{"frames", run.frames},
          {"running_s", run.running},
          {"whole_s", run.whole},
          {"cpu_s", run.cpu},
          {"others_s", run.others}};
}

JsonObject to_json(const Spread& values) {
  return {{"min", values.min}, {"median", values.median}, {"max", values.max}};
}

JsonArray to_json(const std::vector<double>& values) {
  return JsonArray(values.begin(), values.end());
}

}  // namespace

double disturbance(const Measured& run, int cores) { return run.others / (run.whole * cores); }

double disturbance(const Round& round, int cores) {
  return std::max({disturbance(round.one_thread, cores), disturbance(round.threads, cores),
                   disturbance(round.circuit, cores)});
}

std::string table(const EdgesFigures& figures) {
  const auto& rounds = figures.rounds;
  auto text = fmt::format(
      "{} frames of {}, on {} cores; {} rounds, {} more not counted because others disturbed "
      "them\n\n"
      "{:<24}{:^26}   {:^26}   {:>6}   {:>6}\n"
      "{:<24}{:>8} {:>8} {:>8}   {:>8} {:>8} {:>8}   {:>6}   {:>6}\n",
      rounds.front().circuit.frames, figures.video, figures.cores, rounds.size(), figures.disturbed,
      "", "frames/s while running", "frames/s, whole process", "CPU ms", "others", "", "min",
      "median", "max", "min", "median", "max", "/frame", "max");
  for (const auto& program : kPrograms) {
    const auto values = [&](double (*figure)(const Measured&)) {
      return spread(
          of_each(rounds, [&](const Round& round) { return figure(round.*program.run); }));
    };
    const auto others = spread(of_each(rounds, [&](const Round& round) {
      return disturbance(round.*program.run, figures.cores);
    }));
    text += fmt::format("{:<24}{}   {}   {:6.2f}   {:5.1f}%\n", program.name,
                        columns(values(running_rate), 1), columns(values(whole_rate), 1),
                        values(cpu_per_frame).median * 1e3, others.max * 100);
  }
  text += '\n';
  for (const auto& ratio : kRatios) {
    text += fmt::format("{:<24}{}   {}   goal while running: at least {}\n", ratio.name,
                        columns(spread(ratios(rounds, ratio, running_rate)), 2),
                        columns(spread(ratios(rounds, ratio, whole_rate)), 2), ratio.goal);
  }
  if (!figures.first_frame.empty()) {
    text += fmt::format("\n{:<24}{:>8} {:>8} {:>8}\n", "seconds", "min", "median", "max");
    text += fmt::format("{:<24}{}   goal: at most {}\n", "first frame at a sink",
                        columns(spread(figures.first_frame), 3), kFirstFrameGoal);
    text += fmt::format("{:<24}{}\n", "a whole run of one frame",
                        columns(spread(figures.one_frame), 3));
  }
  return text;
}

std::string json(const EdgesFigures& figures) {
  JsonArray rounds;
  for (const auto& round : figures.rounds) {
    JsonObject programs;
    for (const auto& program : kPrograms) programs[program.name] = to_json(round.*program.run);
    rounds.push_back(std::move(programs));
  }
  JsonObject all_ratios;
  for (const auto& ratio : kRatios) {
    all_ratios[ratio.name] =
        JsonObject{{"running", to_json(spread(ratios(figures.rounds, ratio, running_rate)))},
                   {"whole", to_json(spread(ratios(figures.rounds, ratio, whole_rate)))},
                   {"goal", ratio.goal}};
  }
  return to_text(JsonObject{{"video", figures.video},
                            {"cores", figures.cores},
                            {"disturbed_rounds", figures.disturbed},
                            {"rounds", std::move(rounds)},
                            {"ratios", std::move(all_ratios)},
                            {"first_frame_s", to_json(figures.first_frame)},
                            {"first_frame_goal_s", kFirstFrameGoal},
                            {"one_frame_s", to_json(figures.one_frame)}});
}

}  // namespace vcengine::bench
