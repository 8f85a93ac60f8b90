#include "tests/stress/relay_host.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/stress/stress_frame.hpp"

namespace vcengine::test {

using namespace wire;

namespace {

constexpr std::uint32_t kHolds = 4;
constexpr std::uint32_t kForwarded = 8;
/// As many again as it needs for itself: what a predecessor held stays held.
constexpr std::uint32_t kHoldsOfForwarder = 2 * kHolds + kForwarded;
constexpr std::uint32_t kDepth = 2;
/// By place. Of the readers behind the forwarder at most so many frames are under way, so that all
/// are of the newest generations of the origin.
constexpr std::array kPolicies = {Policy::wait /* none: the source */, Policy::wait, Policy::wait,
                                  Policy::drop_oldest};
constexpr std::size_t kOrigins = 8;

constexpr std::uint32_t line_at(Place reader) { return static_cast<std::uint32_t>(reader) - 1; }

bool is_among(Place place, const std::vector<Place>& places) {
  return std::ranges::find(places, place) != places.end();
}

}  // namespace

RelayHost::RelayHost(SleepsOn sleep)
    : RoleProcesses(kPolicies.size(), kPolicies.size() - 1, sleep), readers_(kPolicies.size()) {
  for (auto* config : {&from_config_, &to_config_}) {
    config->depth = kDepth;
    config->holds = kHolds;
    config->observers = 0;
    config->capacity = kLargestFrame;
  }
  from_config_.pool = 1;
  from_config_.readers = 1;
  from_config_.more_holds = kHoldsOfForwarder - kHolds;
  from_config_.most_holds = kHoldsOfForwarder;
  to_config_.pool = 2;
  to_config_.readers = static_cast<std::uint32_t>(kPolicies.size()) - 2;
}

std::string RelayHost::name_of(Place place) const {
  if (place == kSource) return "source";
  return place == kForwarder ? "forwarder" : "reader " + std::to_string(place);
}

void RelayHost::make_page(Place place, std::uint64_t join) {
  auto& reader = readers_[place];
  reader.page = make_reader_page({.wire = line_at(place),
                                  .policy = kPolicies[place],
                                  .depth = kDepth,
                                  .holds = place == kForwarder ? kHoldsOfForwarder : kHolds,
                                  .join = join});
  reader.view = &reader_page(reader.page.mapping.bytes());
}

void RelayHost::make_generation(std::deque<Generation>& generations, PoolConfig& config) {
  if (!generations.empty()) config.succeed(generations.back().page());
  generations.emplace_back(config);
}

void RelayHost::start() {
  for (Place place = kForwarder; place < places(); ++place) {
    make_page(place, 1);
    line(line_at(place)).gate.store(kPolicies[place] == Policy::wait ? 1 : 0);
    line(line_at(place)).alive.store(1);
  }
  make_generation(from_, from_config_);
  make_generation(to_, to_config_);
  spawn(kSource, "writer", Manners::good);
  spawn(kForwarder, "forwarder", Manners::good);
  for (Place place = kForwarder + 1; place < places(); ++place) {
    spawn(place, "reader", Manners::good);
    set_up_reader(place);
  }
  set_up_forwarder();
  set_up_source();
  for (Place place = 0; place < places(); ++place) send(place, "run");
  ring();
}

void RelayHost::set_up_source() {
  send(kSource, "map_own", from_.back().files());
  answer_of(kSource);
  send_others(kSource, {readers_[kForwarder].page.fd.get()}, {kForwarder});
  processes_[kSource].started_at = from_.back().page().head.load();
}

void RelayHost::set_up_forwarder() {
  auto& reader = readers_[kForwarder];
  std::vector<int> own{reader.page.fd.get()};
  append(own, to_.back());
  send(kForwarder, "map_own", own);
  answer_of(kForwarder);
  std::vector<int> files;
  std::vector<Place> wakes{kSource};
  for (Place place = kForwarder + 1; place < places(); ++place) {
    files.push_back(readers_[place].page.fd.get());
    wakes.push_back(place);
  }
  const auto pages = files.size();
  append_undrained(files, from_, reader);
  send_others(kForwarder, files, wakes, {{"readers", pages}, {"forwarded", kForwarded}});
  processes_[kForwarder].started_at = reader.view->next.load();
}

void RelayHost::set_up_reader(Place place) {
  auto& reader = readers_[place];
  send(place, "map_own", {reader.page.fd.get()});
  answer_of(place);
  std::vector<int> files;
  append_undrained(files, to_, reader);
  for (const auto& origin : from_) append(files, origin);
  send_others(place, files, {kForwarder}, {{"origins", from_.size()}});
  processes_[place].started_at = reader.view->next.load();
}

void RelayHost::kill(const std::vector<Place>& victims) {
  kill_now(victims);
  for (const auto place : victims) {
    reap(place);
    if (place == kSource) continue;
    // What a dead forwarder sent on is still read by others.
    if (place != kForwarder && !takes_over(place)) line(line_at(place)).alive.store(0);
    note_end_of(readers_[place]);
  }
}

void RelayHost::replace(const std::vector<Place>& victims) {
  const bool has_forwarder = !is_among(kForwarder, victims);
  if (is_among(kSource, victims)) takes_over(kSource) ? take_over_source() : replace_source();
  for (const auto place : victims) {
    if (place <= kForwarder) continue;
    takes_over(place) ? take_over_reader(place) : replace_reader(place, has_forwarder);
  }
  if (!has_forwarder) takes_over(kForwarder) ? take_over_forwarder() : replace_forwarder();
  forget_drained_generations();
}

/// Its readers can read the new generation before the first frame of it is sent on.
void RelayHost::replace_source() {
  make_generation(from_, from_config_);
  spawn(kSource, "writer", Manners::good);
  set_up_source();
  for (Place place = kForwarder + 1; place < places(); ++place) {
    if (!runs(place)) continue;
    send(place, "origin", from_.back().files());
    ring();
    answer_of(place);
  }
  if (runs(kForwarder)) send(kForwarder, "succeed", from_.back().files());
  send(kSource, "run");
  ring();
}

void RelayHost::take_over_source() {
  spawn(kSource, "writer", Manners::good);
  set_up_source();
  send(kSource, "run");
  ring();
}

void RelayHost::take_over_forwarder() {
  spawn(kForwarder, "forwarder", Manners::good);
  set_up_forwarder();
  check_taken_over(kForwarder, readers_[kForwarder]);
  send(kForwarder, "run");
  ring();
}

void RelayHost::take_over_reader(Place place) {
  spawn(place, "reader", Manners::good);
  set_up_reader(place);
  check_taken_over(place, readers_[place]);
  send(place, "run");
  ring();
}

std::uint64_t RelayHost::join_of_successor(Place reader, const WriterPage& page) const {
  if (kPolicies[reader] == Policy::wait) return readers_[reader].taken_to;
  const auto here = page.head.load() + 1;
  return std::max(page.valid_from.load(),
                  here - std::min<std::uint64_t>(here - page.header.first, kDepth));
}

void RelayHost::replace_reader(Place place, bool has_writer) {
  make_page(place, join_of_successor(place, to_.back().page()));
  spawn(place, "reader", Manners::good);
  set_up_reader(place);
  if (has_writer) {
    send(kForwarder, "replace", {readers_[place].page.fd.get()},
         {{"reader", place - kForwarder - 1}});
    ring();
    answer_of(kForwarder);
  }
  line(line_at(place)).alive.store(1);
  send(place, "run");
}

void RelayHost::drain() {
  for (Place place = kForwarder + 1; place < places(); ++place) {
    send(place, "drain");
    ring();
    answer_of(place);
  }
}

void RelayHost::replace_forwarder() {
  drain();
  line(line_at(kForwarder)).alive.store(0);
  make_generation(to_, to_config_);
  make_page(kForwarder, join_of_successor(kForwarder, from_.back().page()));
  spawn(kForwarder, "forwarder", Manners::good);
  set_up_forwarder();
  send(kSource, "replace", {readers_[kForwarder].page.fd.get()}, {{"reader", 0}});
  ring();
  answer_of(kSource);
  line(line_at(kForwarder)).alive.store(1);
  for (Place place = kForwarder + 1; place < places(); ++place) {
    send(place, "succeed", to_.back().files());
  }
  send(kForwarder, "run");
  ring();
}

void RelayHost::forget_drained_generations() {
  auto oldest = head() + 1;
  for (Place place = kForwarder + 1; place < places(); ++place) {
    if (kPolicies[place] == Policy::wait) {
      oldest = std::min(oldest, readers_[place].view->floor.load());
    }
  }
  while (to_.size() > 1 && to_[1].first <= oldest) to_.pop_front();
  const auto taken = readers_[kForwarder].view->floor.load();
  while (from_.size() > kOrigins && from_[1].first <= taken) from_.pop_front();
}

bool RelayHost::flows(Place place) const {
  const auto now =
      place == kSource ? from_.back().page().head.load() : readers_[place].view->next.load();
  return now > processes_[place].started_at;
}

void RelayHost::end() {
  send(kSource, "end");
  ring();
  for (Place place = kForwarder; place < places(); ++place) {
    const auto answer = answer_of(place);
    if (place == kForwarder) {
      forwarded_ = static_cast<std::uint64_t>(integer_of(answer, "forwarded"));
      copied_ = static_cast<std::uint64_t>(integer_of(answer, "copied"));
    }
    const auto last = place == kForwarder ? from_.back().page().head.load() : head();
    const auto& page = *readers_[place].view;
    if (page.next.load() != last + 1) throw std::runtime_error(name_of(place) + " missed the end");
    const auto held =
        std::ranges::count_if(page.hold, [](const auto& hold) { return hold.load() != 0; });
    if (held != 0 && place != kForwarder)
      throw std::runtime_error(name_of(place) + " holds frames at its end");
  }
  std::vector<Place> all;
  for (Place place = 0; place < places(); ++place) all.push_back(place);
  dismiss(all);
}

}  // namespace vcengine::test
