#include "tests/stress/stress_host.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/stress/stress_frame.hpp"

namespace vcengine::test {

using namespace wire;

namespace {

constexpr std::uint32_t kHolds = 4;
constexpr StressHost::ReaderSpec kGuest{Policy::wait, 2};

std::uint32_t lines_of(std::size_t readers, std::uint32_t observers) {
  return static_cast<std::uint32_t>(readers) + observers + 1;
}

}  // namespace

StressHost::StressHost(std::vector<ReaderSpec> readers, std::uint32_t observers, Manners writer,
                       SleepsOn sleep)
    : RoleProcesses(1 + lines_of(readers.size(), observers), lines_of(readers.size(), observers),
                    sleep),
      specs_(std::move(readers)),
      writer_manners_(writer),
      readers_(places()) {
  config_.readers = static_cast<std::uint32_t>(specs_.size()) + 1;
  config_.observers = observers;
  config_.holds = kHolds;
  config_.capacity = kLargestFrame;
  config_.depth = kGuest.depth;
  for (const auto& spec : specs_) config_.depth = std::max(config_.depth, spec.depth);
}

std::string StressHost::name_of(Place place) const {
  if (place == kWriter) return "writer";
  if (place == guest()) return "the guest";
  return (is_reader(place) ? "reader " : "observer ") + std::to_string(place);
}

const StressHost::ReaderSpec& StressHost::spec_of(Place reader) const {
  return reader == guest() ? kGuest : specs_[reader - 1];
}

std::vector<Place> StressHost::readers_here() const {
  std::vector<Place> here;
  for (Place place = 1; place <= specs_.size(); ++place) here.push_back(place);
  if (is_in_) here.push_back(guest());
  return here;
}

void StressHost::start() {
  for (Place place = 1; place < guest(); ++place) make_page(place, 1);
  make_generation();
  handed_ = generation_;
  spawn(kWriter, "writer", writer_manners_);
  for (const auto place : readers_here()) {
    line_of(place).gate.store(spec_of(place).policy == Policy::wait ? 1 : 0);
    spawn(place, "reader", spec_of(place).manners);
    set_up_reader(place);
    line_of(place).alive.store(1);
  }
  set_up_writer();
  send(kWriter, "run");
  for (const auto place : readers_here()) send(place, "run");
  ring();
}

void StressHost::make_page(Place place, std::uint64_t join) {
  const bool observes = is_observer(place);
  auto& reader = readers_[place];
  reader.page = make_reader_page({.wire = static_cast<std::uint32_t>(place - 1),
                                  .policy = observes ? Policy::drop_oldest : spec_of(place).policy,
                                  .depth = observes ? 1 : spec_of(place).depth,
                                  .holds = kHolds,
                                  .join = join});
  reader.view = &reader_page(reader.page.mapping.bytes());
}

void StressHost::make_generation() {
  if (generation_ != 0) config_.succeed(newest());
  generations_.emplace_back(config_);
  ++generation_;
}

void StressHost::set_up_writer() {
  send(kWriter, "map_own", generations_.back().files());
  answer_of(kWriter);
  std::vector<int> pages;
  std::vector<Place> wakes;
  for (Place place = 1; place < guest() + (is_in_ ? 1 : 0); ++place) {
    pages.push_back(readers_[place].page.fd.get());
  }
  for (Place place = 1; place < places(); ++place) wakes.push_back(place);
  send_others(kWriter, pages, wakes);
  processes_[kWriter].started_at = head();
}

void StressHost::set_up_reader(Place place) {
  auto& reader = readers_[place];
  send(place, "map_own", {reader.page.fd.get()});
  answer_of(place);
  std::vector<int> files;
  append_undrained(files, generations_, reader);
  send_others(place, files, {kWriter}, {{"origins", 0}});
  processes_[place].started_at = reader.view->next.load();
}

void StressHost::join() {
  make_page(guest(), 1);
  auto& reader = readers_[guest()];
  line_of(guest()).gate.store(static_cast<std::uint32_t>(Gate::not_yet));
  send(kWriter, "add", {reader.page.fd.get()});
  ring();
  const auto join = static_cast<std::uint64_t>(integer_of(answer_of(kWriter), "join"));
  {
    const Mapping own(reader.page.fd.get(), Access::read_write);
    auto& page = reader_page(own.bytes());
    page.header.join = join;
    page.floor.store(join);
    page.next.store(join);
  }
  line_of(guest()).gate.store(static_cast<std::uint32_t>(Gate::open));
  line_of(guest()).alive.store(1);
  is_in_ = true;
  spawn(guest(), "reader", kGuest.manners);
  set_up_reader(guest());
  send(guest(), "run");
}

void StressHost::leave() {
  dismiss({guest()});
  line_of(guest()).alive.store(0);
  give_up(guest());
  is_in_ = false;
  left_in_ = generation_;
}

void StressHost::roll() {
  const auto pages = guest() - (is_in_ ? 0 : 1);  // one that has gone has no page there any more
  send(kWriter, "roll", {}, {{"pages", pages}});
  ring();
  answer_of(kWriter);
  stop_observers();
  config_.capacity = 2 * kLargestFrame;
  make_generation();
  config_.capacity = kLargestFrame;  // its successor's
  send(kWriter, "map_own", generations_.back().files());
  answer_of(kWriter);
  processes_[kWriter].started_at = head();
  hand_to_readers();
  send(kWriter, "run");
  ring();
  forget_drained_generations();
}

void StressHost::kill(const std::vector<Place>& victims) {
  kill_now(victims);
  for (const auto place : victims) bury(place);
}

void StressHost::bury(Place place) {
  reap(place);
  if (place == kWriter) return;
  if (!takes_over(place)) line_of(place).alive.store(0);
  if (is_reader(place) || place == guest()) note_end_of(readers_[place]);
}

void StressHost::replace(const std::vector<Place>& victims) {
  // The writer first: the readers' successors need its answer.
  if (std::ranges::find(victims, kWriter) != victims.end()) {
    takes_over(kWriter) ? take_over_writer() : replace_writer();
  }
  for (const auto place : victims) {
    if (!is_reader(place) && place != guest()) continue;
    takes_over(place) ? take_over_reader(place) : replace_reader(place);
  }
  forget_drained_generations();
}

/// One who observes the old generation would wait there for ever.
void StressHost::stop_observers() {
  for (Place place = specs_.size() + 1; place < guest(); ++place) {
    if (runs(place)) stop_observer(place);
  }
}

void StressHost::hand_to_readers() {
  for (const auto place : readers_here()) {
    if (runs(place)) send(place, "succeed", generations_.back().files());
  }
  handed_ = generation_;
}

/// The newest generation may be one that its predecessor asked for and never wrote to.
void StressHost::take_over_writer() {
  spawn(kWriter, "writer", writer_manners_);
  set_up_writer();
  if (handed_ != generation_) hand_to_readers();
  send(kWriter, "run");
  ring();
}

void StressHost::take_over_reader(Place place) {
  spawn(place, "reader", spec_of(place).manners);
  set_up_reader(place);
  check_taken_over(place, readers_[place]);
  send(place, "run");
  ring();
}

void StressHost::replace_writer() {
  stop_observers();
  make_generation();
  spawn(kWriter, "writer", writer_manners_);
  set_up_writer();
  hand_to_readers();
  send(kWriter, "run");
  ring();
}

void StressHost::replace_reader(Place place) {
  const auto& spec = spec_of(place);
  const auto& page = newest();
  const auto first = generations_.back().first;
  const auto here = head() + 1;
  const auto latest =
      std::max(page.valid_from.load(), here - std::min<std::uint64_t>(here - first, spec.depth));
  // What a dead reader left may be anything.
  const auto taken_to = std::clamp(readers_[place].taken_to, generations_.front().first, here);
  spawn(place, "reader", spec.manners);
  make_page(place, spec.policy == Policy::wait ? taken_to : latest);
  set_up_reader(place);
  send(kWriter, "replace", {readers_[place].page.fd.get()}, {{"reader", place - 1}});
  ring();
  answer_of(kWriter);
  line_of(place).alive.store(1);
  send(place, "run");
  // It reports a gap behind its first frame, and we one before.
  const auto join = readers_[place].view->header.join;
  const bool lossless = spec.policy == Policy::wait && spec.manners == Manners::good;
  if (lossless && join != readers_[place].taken_to) {
    throw std::runtime_error(name_of(place) + " goes on at " + std::to_string(join) + ", not at " +
                             std::to_string(readers_[place].taken_to));
  }
}

void StressHost::give_up(Place place) {
  line_of(place).gate.store(static_cast<std::uint32_t>(Gate::closed));
  ring();
}

/// All that a reader's successor could still want to read stays open.
void StressHost::forget_drained_generations() {
  auto oldest = head() + 1;
  for (const auto place : readers_here()) {
    if (spec_of(place).policy == Policy::wait) {
      oldest = std::min(oldest, readers_[place].view->floor.load());
    }
  }
  while (generations_.size() > 1 && generations_[1].first <= oldest) generations_.pop_front();
}

void StressHost::start_observer(Place place) {
  spawn(place, "observer", writer_manners_ == Manners::good ? Manners::good : Manners::unmoved);
  send(place, "map_own", {readers_[place].page.fd.get()}, {{"place", place - 1}});
  answer_of(place);
  auto files = generations_.back().files();
  for (const auto reader : readers_here()) {
    // A page that is not one of a reader is refused, and with it all that one came to see.
    if (spec_of(reader).manners != Manners::evil) files.push_back(readers_[reader].page.fd.get());
  }
  send_others(place, files, {});
  line_of(place).alive.store(1);
  send(place, "run");
}

void StressHost::stop_observer(Place place) {
  dismiss({place});
  line_of(place).alive.store(0);
}

bool StressHost::flows(Place place) const {
  if (is_observer(place)) return true;
  const auto now = place == kWriter ? head() : readers_[place].view->next.load();
  return now > processes_[place].started_at;
}

std::uint64_t StressHost::progress() const {
  auto sum = head();
  for (const auto place : readers_here()) sum += readers_[place].view->next.load();
  return sum;
}

void StressHost::end() {
  stop_observers();
  const auto here = readers_here();
  send(kWriter, "end");
  ring();
  for (const auto place : here) {
    answer_of(place);
    const auto& page = *readers_[place].view;
    if (page.next.load() != head() + 1)
      throw std::runtime_error(name_of(place) + " missed the end");
    const auto held =
        std::ranges::count_if(page.hold, [](const auto& hold) { return hold.load() != 0; });
    if (held != 0) throw std::runtime_error(name_of(place) + " holds frames at its end");
  }
  auto all = here;
  all.push_back(kWriter);
  dismiss(all);
}

}  // namespace vcengine::test
