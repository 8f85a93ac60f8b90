/// Kills the processes at both ends of a wire, thousands of times, and looks at every frame:
/// wire_stress --kills 10000 --seed 1. A quarter each of the kills at one pool and where frames are
/// sent on, asleep on futexes and on eventfds. Or has one of them write random bytes over all it
/// may: wire_stress --hostile reader --seconds 60.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/processes/support/proc.hpp"
#include "tests/stress/relay_host.hpp"
#include "tests/stress/stress_host.hpp"

namespace vcengine::test {

namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
using enum wire::Policy;

struct Options {
  std::uint64_t kills = 200;
  std::uint64_t seed = 1;
  std::string hostile;
  std::int64_t seconds = 3;
  std::string role;
  int manners = 0;
};

/// Mappings of memory files in this process.
std::size_t mapped_memory_files() {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) {
    count += line.find("/memfd:") != std::string::npos ? 1U : 0U;
  }
  return count;
}

struct Figures {
  std::vector<double> recoveries;  // ms, from a kill until all that were killed move frames again
  std::uint64_t kills = 0, took_over = 0, observers = 0, joined = 0, rolled = 0, cut_short = 0;
};

void print_recoveries(std::vector<double>& recoveries) {
  if (recoveries.empty()) return;
  std::ranges::sort(recoveries);
  const auto at = [&](double share) {
    return recoveries[static_cast<std::size_t>(share * static_cast<double>(recoveries.size() - 1))];
  };
  fmt::print(
      "recovery time, from the kill until frames flow again: p50 {:.2f} ms, p99 {:.2f} ms, max "
      "{:.2f} ms\n",
      at(0.5), at(0.99), at(1.0));
}

/// One process at random among these, seldom two.
std::vector<Place> choose(const std::vector<Place>& running, std::mt19937_64& random) {
  std::vector<Place> victims;
  const auto count = random() % 8 == 0 ? 2U : 1U;
  while (victims.size() < count) {
    const auto place = running[random() % running.size()];
    if (std::ranges::find(victims, place) == victims.end()) victims.push_back(place);
  }
  return victims;
}

std::vector<Place> running_in(const RoleProcesses& host) {
  std::vector<Place> running;
  for (Place place = 0; place < host.places(); ++place) {
    if (host.runs(place)) running.push_back(place);
  }
  return running;
}

template <class Host>
void wait_for_flow(Host& host, const std::vector<Place>& places) {
  for (const auto place : places) {
    wait_until(
        [&] {
          host.check_processes();
          return host.flows(place);
        },
        host.name_of(place) + ", after it was killed, moves no frame");
  }
}

/// By the seed, half of the successors go on with the same pages.
template <class Host>
void choose_who_takes_over(Host& host, const std::vector<Place>& victims, std::mt19937_64& random,
                           Figures& figures) {
  std::vector<Place> left;
  for (const auto place : victims) {
    if (host.has_successor(place) && random() % 2 == 0) left.push_back(place);
  }
  figures.took_over += left.size();
  host.leave_pages(left);
}

template <class Host>
void kill_some(Host& host, std::mt19937_64& random, Figures& figures) {
  const auto victims = choose(running_in(host), random);
  choose_who_takes_over(host, victims, random, figures);
  const auto since = Clock::now();
  host.kill(victims);
  figures.kills += victims.size();
  host.replace(victims);
  wait_for_flow(host, victims);
  figures.recoveries.push_back(Milliseconds(Clock::now() - since).count());
}

void come_and_go(StressHost& host, std::mt19937_64& random, Figures& figures) {
  for (Place place = 0; place < host.places(); ++place) {
    if (!host.is_observer(place) || random() % 4 != 0) continue;
    if (host.runs(place)) {
      host.stop_observer(place);
    } else {
      host.start_observer(place);
      ++figures.observers;
    }
  }
  if (host.has_guest() && random() % 8 == 0) host.leave();
}

/// Half the time somebody who takes part in it is killed meanwhile, or soon after.
template <class Act>
void disturb(StressHost& host, Place place, const Act& act, std::mt19937_64& random,
             Figures& figures) {
  const bool kills = random() % 2 == 0;
  if (kills) host.kill_soon(place, std::chrono::microseconds(random() % 300));
  try {
    act();
  } catch (const DiedSoon&) {
    ++figures.cut_short;
  }
  if (!kills) return;
  choose_who_takes_over(host, {place}, random, figures);
  host.bury(place);
  ++figures.kills;
  host.replace({place});
  wait_for_flow(host, {place});
}

void join_or_roll(StressHost& host, std::mt19937_64& random, Figures& figures) {
  if (host.may_join() && random() % 4 == 0) {
    disturb(
        host, StressHost::kWriter, [&] { host.join(); }, random, figures);
    if (host.has_guest()) {
      ++figures.joined;
      wait_for_flow(host, {host.guest()});
    }
  }
  if (random() % 8 == 0) {
    const auto before = host.generations();
    disturb(
        host, StressHost::kWriter, [&] { host.roll(); }, random, figures);
    if (host.generations() != before) ++figures.rolled;
  }
}

std::string_view to_string(SleepsOn sleep) {
  return sleep == SleepsOn::futexes ? "futexes" : "eventfds";
}

/// All that can happen at one pool.
void stress_pool(std::uint64_t kills, SleepsOn sleep, std::mt19937_64& random, Figures& all) {
  Figures figures;
  StressHost host({{wait, 2}, {wait, 4}, {drop_oldest, 1}, {drop_oldest, 3}}, 2, Manners::good,
                  sleep);
  host.start();
  host.join();
  host.roll();
  figures.joined = figures.rolled = 1;
  wait_for_flow(host, {StressHost::kWriter, host.guest()});
  while (figures.kills < kills) {
    come_and_go(host, random, figures);
    join_or_roll(host, random, figures);
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 2000));
    kill_some(host, random, figures);
  }
  host.end();
  fmt::print(
      "one pool, asleep on {}: {} kills, {} took over the same pages, {} generations, {} "
      "observers, {} readers joined, {} "
      "rolls to larger frames, {} of these cut short by a kill, {} frames\n",
      to_string(sleep), figures.kills, figures.took_over, host.generations(), figures.observers,
      figures.joined, figures.rolled, figures.cut_short, host.head());
  all.kills += figures.kills;
  all.took_over += figures.took_over;
  std::ranges::copy(figures.recoveries, std::back_inserter(all.recoveries));
}

/// Frames sent on from one pool over another.
void stress_relay(std::uint64_t kills, SleepsOn sleep, std::mt19937_64& random, Figures& all) {
  Figures figures;
  RelayHost host(sleep);
  host.start();
  while (figures.kills < kills) {
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 2000));
    kill_some(host, random, figures);
  }
  host.end();
  fmt::print(
      "sent on, asleep on {}: {} kills, {} took over the same pages, {} and {} generations, {} "
      "frames, {} of the last "
      "{} without a copy\n",
      to_string(sleep), figures.kills, figures.took_over, host.sources(), host.forwarders(),
      host.head(), host.forwarded(), host.forwarded() + host.copied());
  all.kills += figures.kills;
  all.took_over += figures.took_over;
  std::ranges::copy(figures.recoveries, std::back_inserter(all.recoveries));
}

int stress(const Options& options) {
  const auto descriptors = open_descriptors(), memory = mapped_memory_files();
  std::mt19937_64 random(options.seed);
  Figures figures;
  const auto share = (options.kills + 3) / 4;
  for (const auto sleep : {SleepsOn::futexes, SleepsOn::eventfds}) {
    stress_pool(share, sleep, random, figures);
    stress_relay(share, sleep, random, figures);
  }
  fmt::print("seed {}: {} kills, {} took over the same pages: no frame torn, none missing\n",
             options.seed, figures.kills, figures.took_over);
  print_recoveries(figures.recoveries);
  fmt::print("descriptors {} -> {}, mapped memory files {} -> {}\n", descriptors,
             open_descriptors(), memory, mapped_memory_files());
  const bool clean = open_descriptors() == descriptors && mapped_memory_files() == memory;
  return clean && no_children_left() ? 0 : 1;
}

/// Nobody else ends while one writes random bytes; where the evil one is a reader, the others lose
/// nothing, and once it is killed everything flows.
int be_hostile(const Options& options) {
  const bool lies = options.hostile == "lying_writer";
  const bool writes = lies || options.hostile == "writer";
  const auto others = writes ? Manners::unmoved : Manners::good;
  std::vector<StressHost::ReaderSpec> readers{{wait, 2, others}, {drop_oldest, 2, others}};
  if (options.hostile == "reader") readers.push_back({wait, 2, Manners::evil});
  if (options.hostile == "latest_reader") readers.push_back({drop_oldest, 2, Manners::evil});
  StressHost host(readers, 1, !writes ? Manners::good : lies ? Manners::lying : Manners::evil);
  host.start();
  const auto evil = writes ? StressHost::kWriter : readers.size();
  const auto observer = readers.size() + 1;
  std::uint64_t observers = 0, restarts = 0, moved = 0;
  auto before = host.progress();
  for (const auto due = Clock::now() + std::chrono::seconds(options.seconds); Clock::now() < due;) {
    host.start_observer(observer);
    ++observers;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    host.check_processes();
    host.stop_observer(observer);
    moved += host.progress() != before ? 1U : 0U;
    before = host.progress();
    if (writes) continue;
    host.kill({evil});  // and another one comes
    host.replace({evil});
    ++restarts;
  }
  if (!writes) {
    host.kill({evil});
    host.give_up(evil);
    const auto at_the_end = host.head();
    wait_until(
        [&] {
          host.check_processes();
          return host.head() > at_the_end + 1000;
        },
        "the frames of the good ones");
  }
  fmt::print(
      "hostile {}: {} s, {} evil ones, {} observers, readers told {} times, frames moved in {} of "
      "{} looks\n",
      options.hostile, options.seconds, restarts + 1, observers, host.told(), moved, observers);
  return 0;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  using namespace vcengine::test;
  Options options;
  CLI::App app("Kills the processes at both ends of a wire and looks at every frame.");
  app.add_option("--kills", options.kills, "How many; 200 by default")->type_name("N");
  app.add_option("--seed", options.seed, "Of what is random")->type_name("SEED");
  app.add_option("--hostile", options.hostile,
                 "Instead: this one writes random bytes over all that it may write to")
      ->check(CLI::IsMember({"reader", "latest_reader", "writer", "lying_writer"}));
  app.add_option("--seconds", options.seconds, "For how long; 3 by default")->type_name("S");
  app.add_option("--role", options.role)->group("");
  app.add_option("--manners", options.manners)->group("");
  CLI11_PARSE(app, argc, argv);
  if (!options.role.empty()) return play_role(options.role, static_cast<Manners>(options.manners));
  try {
    return options.hostile.empty() ? stress(options) : be_hostile(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "wire_stress --seed {}: {}\n", options.seed, error.what());
    return 1;
  }
}
