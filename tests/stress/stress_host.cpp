#include "tests/stress/stress_host.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "engine/process/spawn.hpp"
#include "tests/stress/stress_frame.hpp"
#include "wire/futex.hpp"

namespace vcengine::test {

using namespace wire;

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::uint32_t kHolds = 4;

void pause_a_moment() {
  const timespec moment{.tv_sec = 0, .tv_nsec = 50'000};
  ::nanosleep(&moment, nullptr);
}

}  // namespace

void wait_until(const std::function<bool()>& condition, const std::string& what) {
  for (const auto due = std::chrono::steady_clock::now() + kPatience; !condition();) {
    if (std::chrono::steady_clock::now() > due) throw std::runtime_error("stalled: " + what);
    pause_a_moment();
  }
}

StressHost::StressHost(std::vector<ReaderSpec> readers, std::uint32_t observers, Manners writer)
    : specs_(std::move(readers)),
      observers_(observers),
      writer_manners_(writer),
      readers_(1 + specs_.size() + observers),
      processes_(readers_.size()) {
  const auto lines = static_cast<std::uint32_t>(specs_.size() + observers);
  config_.readers = static_cast<std::uint32_t>(specs_.size());
  config_.observers = observers;
  config_.holds = kHolds;
  config_.capacity = kLargestFrame;
  for (const auto& spec : specs_) config_.depth = std::max(config_.depth, spec.depth);
  host_fd_ = create_segment("vcengine:host", host_page_size(lines));
  host_bytes_ = Mapping(host_fd_.get(), Access::read_write);
  init_host_page(host_bytes_.bytes(), lines);
  host_ = &host_page(host_bytes_.bytes());
  host_->run_state.store(static_cast<std::uint32_t>(RunState::run));
}

StressHost::~StressHost() {
  for (auto& process : processes_) {
    if (process.pid == 0) continue;
    ::kill(process.pid, SIGKILL);
    ::waitpid(process.pid, nullptr, 0);
  }
}

std::string StressHost::name_of(Place place) const {
  if (place == kWriter) return "writer";
  return (is_reader(place) ? "reader " : "observer ") + std::to_string(place);
}

void StressHost::start() {
  for (Place place = 1; place < places(); ++place) make_page(place, 1);
  make_generation();
  spawn(kWriter, "writer", writer_manners_);
  for (Place place = 1; place <= specs_.size(); ++place) {
    line(place).gate.store(specs_[place - 1].policy == Policy::wait ? 1 : 0);
    spawn(place, "reader", specs_[place - 1].manners);
    set_up_reader(place);
    line(place).alive.store(1);
  }
  set_up_writer();
  for (Place place = 0; place <= specs_.size(); ++place) send(place, "run");
  ring();
}

void StressHost::make_page(Place place, std::uint64_t join) {
  auto& reader = readers_[place];
  const bool observes = is_observer(place);
  reader.page.fd = create_segment("vcengine:reader", sizeof(ReaderPage));
  init_reader_page(Mapping(reader.page.fd.get(), Access::read_write).bytes(),
                   {.wire = static_cast<std::uint32_t>(place - 1),
                    .policy = observes ? Policy::drop_oldest : specs_[place - 1].policy,
                    .depth = observes ? 1 : specs_[place - 1].depth,
                    .holds = kHolds,
                    .join = join});
  reader.page.mapping = Mapping(reader.page.fd.get(), Access::read_only);
  reader.view = &reader_page(reader.page.mapping.bytes());
}

void StressHost::make_generation() {
  if (generation_ != 0) config_.succeed(newest());
  auto& next = generations_.emplace_back();
  ++generation_;
  next.first = config_.first;
  next.control.fd = create_segment("vcengine:ring", writer_page_size(config_.ring_size(), config_.slots()));
  init_writer_page(Mapping(next.control.fd.get(), Access::read_write).bytes(), config_);
  next.control.mapping = Mapping(next.control.fd.get(), Access::read_only);
  next.payload = create_segment("vcengine:frames", config_.slots() * config_.stride());
}

const WriterPage& StressHost::newest() const {
  return *reinterpret_cast<const WriterPage*>(generations_.back().control.mapping.bytes().data());
}
std::uint64_t StressHost::head() const { return newest().head.load(); }

void StressHost::ring() {
  host_->bell.store(host_->bell.load() + 1);
  futex_wake(host_->bell);
}

void StressHost::spawn(Place place, const std::string& role, Manners manners) {
  auto [ours, theirs] = Channel::make();
  constexpr int kClear = kRoleSocket + 1;
  const auto out = duplicate(STDOUT_FILENO, kClear);
  const auto errors = duplicate(STDERR_FILENO, kClear);
  const auto socket = duplicate(theirs.fd(), kClear);
  const std::array argv = {std::string("wire_stress"), std::string("--role"), role,
                           std::string("--manners"), std::to_string(static_cast<int>(manners))};
  const std::array placed = {Placement{out.get(), STDOUT_FILENO},
                             Placement{errors.get(), STDERR_FILENO},
                             Placement{socket.get(), kRoleSocket}};
  auto& process = processes_[place];
  process.pid = vcengine::spawn("/proc/self/exe", argv, placed);
  process.channel = std::move(ours);
}

void StressHost::send(Place place, const std::string& op, const std::vector<int>& files,
                      JsonObject body) {
  body["op"] = op;
  if (!processes_[place].channel.send(body, files)) {
    check_processes();  // why it does not listen
    throw std::runtime_error(name_of(place) + " does not listen");
  }
}

JsonObject StressHost::answer_of(Place place) {
  for (;;) {
    auto message = processes_[place].channel.receive();
    if (!message) throw std::runtime_error(name_of(place) + " ended without a word");
    const auto op = text_of(message->body, "op");
    if (op == "mapped" || op == "replaced" || op == "ended") return std::move(message->body);
    complain_or_note(place, message->body);
  }
}

void StressHost::complain_or_note(Place place, const JsonObject& message) {
  const auto op = text_of(message, "op");
  if (op == "violation") {
    throw std::runtime_error(name_of(place) + ": " + text_of(message, "text"));
  }
  if (op == "told") ++told_;
}

void StressHost::check_processes() {
  for (Place place = 0; place < places(); ++place) {
    auto& process = processes_[place];
    if (process.pid == 0) continue;
    bool closed = false;
    while (const auto message = process.channel.try_receive(closed)) {
      complain_or_note(place, message->body);
    }
    int status = 0;
    if (::waitpid(process.pid, &status, WNOHANG) == process.pid) {
      process.pid = 0;
      throw std::runtime_error(name_of(place) + " ended by itself, wait status " +
                               std::to_string(status));
    }
  }
}

void StressHost::set_up_writer() {
  auto& generation = generations_.back();
  send(kWriter, "map_own", {generation.control.fd.get(), generation.payload.get()});
  answer_of(kWriter);
  seal_future_writes(generation.control.fd.get());
  seal_future_writes(generation.payload.get());
  std::vector<int> others{host_fd_.get()};
  for (Place place = 1; place < places(); ++place) others.push_back(readers_[place].page.fd.get());
  send(kWriter, "map_others", others);
  answer_of(kWriter);
  processes_[kWriter].started_at = head();
}

void StressHost::set_up_reader(Place place) {
  auto& reader = readers_[place];
  send(place, "map_own", {reader.page.fd.get()});
  answer_of(place);
  seal_future_writes(reader.page.fd.get());
  std::vector<int> others{host_fd_.get()};
  for (std::size_t i = 0; i < generations_.size(); ++i) {
    const bool drained =
        i + 1 < generations_.size() && generations_[i + 1].first <= reader.view->header.join;
    if (drained) continue;
    others.push_back(generations_[i].control.fd.get());
    others.push_back(generations_[i].payload.get());
  }
  send(place, "map_others", others);
  answer_of(place);
  processes_[place].started_at = reader.view->next.load();
}

void StressHost::kill(const std::vector<Place>& victims) {
  for (const auto place : victims) ::kill(processes_[place].pid, SIGKILL);
  for (const auto place : victims) bury(place);
}

void StressHost::bury(Place place) {
  auto& process = processes_[place];
  bool closed = false;  // what it complained of before
  while (const auto message = process.channel.try_receive(closed)) {
    complain_or_note(place, message->body);
  }
  ::waitpid(process.pid, nullptr, 0);
  process.pid = 0;
  process.channel = Channel();
  if (place == kWriter) return;
  line(place).alive.store(0);
  readers_[place].taken_to = readers_[place].view->floor.load();
}

void StressHost::replace(const std::vector<Place>& victims) {
  // The writer first: the readers' successors need its answer.
  if (std::ranges::find(victims, kWriter) != victims.end()) replace_writer();
  for (const auto place : victims) {
    if (is_reader(place)) replace_reader(place);
  }
  forget_drained_generations();
}

void StressHost::replace_writer() {
  // One who observes the old generation would wait there for ever.
  for (Place place = specs_.size() + 1; place < places(); ++place) {
    if (runs(place)) stop_observer(place);
  }
  make_generation();
  spawn(kWriter, "writer", writer_manners_);
  set_up_writer();
  const auto& generation = generations_.back();
  for (Place place = 1; place <= specs_.size(); ++place) {
    if (runs(place)) {
      send(place, "succeed", {generation.control.fd.get(), generation.payload.get()});
    }
  }
  send(kWriter, "run");
  ring();
}

void StressHost::replace_reader(Place place) {
  const auto& spec = specs_[place - 1];
  const auto& page = newest();
  const auto first = generations_.back().first;
  const auto here = head() + 1;
  const auto latest =
      std::max(page.valid_from.load(), here - std::min<std::uint64_t>(here - first, spec.depth));
  // What a dead reader left may be anything.
  const auto floor =
      std::clamp(readers_[place].view->floor.load(), generations_.front().first, here);
  spawn(place, "reader", spec.manners);
  make_page(place, spec.policy == Policy::wait ? floor : latest);
  set_up_reader(place);
  send(kWriter, "replace", {readers_[place].page.fd.get()}, {{"reader", place - 1}});
  ring();
  answer_of(kWriter);
  line(place).alive.store(1);
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
  line(place).gate.store(static_cast<std::uint32_t>(Gate::closed));
  ring();
}

/// All that a reader's successor could still want to read stays open.
void StressHost::forget_drained_generations() {
  auto oldest = head() + 1;
  for (Place place = 1; place <= specs_.size(); ++place) {
    if (specs_[place - 1].policy == Policy::wait) {
      oldest = std::min(oldest, readers_[place].view->floor.load());
    }
  }
  while (generations_.size() > 1 && generations_[1].first <= oldest) generations_.pop_front();
}

void StressHost::start_observer(Place place) {
  spawn(place, "observer", writer_manners_ == Manners::good ? Manners::good : Manners::unmoved);
  send(place, "map_own", {readers_[place].page.fd.get()}, {{"place", place - 1}});
  answer_of(place);
  const auto& generation = generations_.back();
  std::vector<int> others{host_fd_.get(), generation.control.fd.get(), generation.payload.get()};
  for (Place reader = 1; reader <= specs_.size(); ++reader) {
    // A page that is not one of a reader is refused, and with it all that one came to see.
    if (specs_[reader - 1].manners != Manners::evil) {
      others.push_back(readers_[reader].page.fd.get());
    }
  }
  send(place, "map_others", others);
  answer_of(place);
  line(place).alive.store(1);
  send(place, "run");
}

void StressHost::stop_observer(Place place) {
  bool closed = false;
  while (const auto message = processes_[place].channel.try_receive(closed)) {
    complain_or_note(place, message->body);
  }
  processes_[place].channel = Channel();
  ::waitpid(processes_[place].pid, nullptr, 0);
  processes_[place].pid = 0;
  line(place).alive.store(0);
}

bool StressHost::flows(Place place) const {
  if (is_observer(place)) return true;
  const auto now = place == kWriter ? head() : readers_[place].view->next.load();
  return now > processes_[place].started_at;
}

std::uint64_t StressHost::progress() const {
  auto sum = head();
  for (Place place = 1; place <= specs_.size(); ++place) sum += readers_[place].view->next.load();
  return sum;
}

void StressHost::end() {
  for (Place place = specs_.size() + 1; place < places(); ++place) {
    if (runs(place)) stop_observer(place);
  }
  send(kWriter, "end");
  ring();
  for (Place place = 1; place <= specs_.size(); ++place) {
    answer_of(place);
    const auto& page = *readers_[place].view;
    if (page.next.load() != head() + 1)
      throw std::runtime_error(name_of(place) + " missed the end");
    const auto held =
        std::ranges::count_if(page.hold, [](const auto& hold) { return hold.load() != 0; });
    if (held != 0) throw std::runtime_error(name_of(place) + " holds frames at its end");
  }
  for (Place place = 0; place <= specs_.size(); ++place) {
    processes_[place].channel = Channel();
  }
  ring();
  for (Place place = 0; place <= specs_.size(); ++place) {
    int status = 0;
    ::waitpid(std::exchange(processes_[place].pid, 0), &status, 0);
    if (status != 0) {
      throw std::runtime_error(name_of(place) + " ended with wait status " +
                               std::to_string(status));
    }
  }
}

}  // namespace vcengine::test
