#include "tests/stress/role_processes.hpp"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "engine/process/spawn.hpp"
#include "wire/futex.hpp"

namespace vcengine::test {

using namespace wire;

namespace {

constexpr std::chrono::seconds kPatience{30};

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

RoleProcesses::Generation::Generation(const PoolConfig& config) : first(config.first) {
  control.fd =
      create_segment("vcengine:ring", writer_page_size(config.ring_size(), config.slots()));
  init_writer_page(Mapping(control.fd.get(), Access::read_write).bytes(), config);
  control.mapping = Mapping(control.fd.get(), Access::read_only);
  payload = create_segment("vcengine:frames", config.slots() * config.stride());
}

const WriterPage& RoleProcesses::Generation::page() const {
  return *reinterpret_cast<const WriterPage*>(control.mapping.bytes().data());
}

RoleProcesses::RoleProcesses(std::size_t places, std::uint32_t wires, SleepsOn sleep)
    : processes_(places), sleep_(sleep) {
  host_fd_ = create_segment("vcengine:host", host_page_size(wires));
  host_bytes_ = Mapping(host_fd_.get(), Access::read_write);
  init_host_page(host_bytes_.bytes(), wires);
  host_ = &host_page(host_bytes_.bytes());
  host_->run_state.store(static_cast<std::uint32_t>(RunState::run));
  if (sleep_ == SleepsOn::futexes) return;
  for (Place place = 0; place < places; ++place) {
    eventfds_.emplace_back(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!eventfds_.back()) throw std::system_error(errno, std::generic_category(), "eventfd");
  }
}

RoleProcesses::~RoleProcesses() {
  for (auto& process : processes_) {
    process.killer = std::jthread();
    if (process.pid == 0) continue;
    ::kill(process.pid, SIGKILL);
    ::waitpid(process.pid, nullptr, 0);
  }
}

RoleProcesses::File RoleProcesses::make_reader_page(const ReaderConfig& config) {
  File page;
  page.fd = create_segment("vcengine:reader", sizeof(ReaderPage));
  init_reader_page(Mapping(page.fd.get(), Access::read_write).bytes(), config);
  page.mapping = Mapping(page.fd.get(), Access::read_only);
  return page;
}

std::uint64_t RoleProcesses::position_of(const Reader& reader) {
  ReaderConfig successor;
  successor.succeed(*reader.view);
  return successor.join;
}

void RoleProcesses::append_undrained(std::vector<int>& files,
                                     const std::deque<Generation>& generations,
                                     const Reader& reader) {
  for (std::size_t i = 0; i < generations.size(); ++i) {
    const bool drained =
        i + 1 < generations.size() && generations[i + 1].first <= position_of(reader);
    if (!drained) append(files, generations[i]);
  }
}

void RoleProcesses::leave_pages(const std::vector<Place>& left) {
  for (Place place = 0; place < places(); ++place) {
    processes_[place].taken_over = std::ranges::find(left, place) != left.end();
  }
}

void RoleProcesses::note_end_of(Reader& reader) {
  reader.taken_to = position_of(reader);
  reader.lost_before =
      reader.view->drops[static_cast<std::size_t>(DropReason::lost_in_crash)].load();
}

void RoleProcesses::check_taken_over(Place place, const Reader& reader) const {
  const auto& page = *reader.view;
  const auto lost =
      page.drops[static_cast<std::size_t>(DropReason::lost_in_crash)].load() - reader.lost_before;
  const bool lossless = page.header.policy == static_cast<std::uint32_t>(Policy::wait);
  if (lossless && lost > 1) {
    throw std::runtime_error("with one call of " + name_of(place) + " " + std::to_string(lost) +
                             " frames were lost");
  }
  if (page.next.load() == reader.taken_to) return;
  throw std::runtime_error(name_of(place) + " goes on at " + std::to_string(page.next.load()) +
                           ", not at " + std::to_string(reader.taken_to));
}

void RoleProcesses::append(std::vector<int>& files, const Generation& generation) {
  files.push_back(generation.control.fd.get());
  files.push_back(generation.payload.get());
}

void RoleProcesses::ring() {
  host_->bell.store(host_->bell.load() + 1);
  if (eventfds_.empty()) {
    futex_wake(host_->bell);
    return;
  }
  std::vector<int> all;
  for (const auto& eventfd : eventfds_) all.push_back(eventfd.get());
  EventfdDoorbell(std::move(all)).ring(host_->bell);
}

void RoleProcesses::spawn(Place place, const std::string& role, Manners manners) {
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
  process.pid = vcengine::spawn("/proc/self/exe", argv, placed, {});
  process.channel = std::move(ours);
}

void RoleProcesses::send(Place place, const std::string& op, const std::vector<int>& files,
                         JsonObject body) {
  body["op"] = op;
  if (processes_[place].channel.send(body, files)) return;
  if (processes_[place].killer.joinable()) throw DiedSoon(place);
  check_processes();  // why it does not listen
  throw std::runtime_error(name_of(place) + " does not listen");
}

void RoleProcesses::send_others(Place place, const std::vector<int>& files,
                                const std::vector<Place>& wakes, JsonObject body) {
  std::vector<int> all{host_fd_.get()};
  all.insert(all.end(), files.begin(), files.end());
  std::int64_t eventfds = 0;
  if (!eventfds_.empty()) {
    all.push_back(eventfds_[place].get());
    for (const auto other : wakes) all.push_back(eventfds_[other].get());
    eventfds = 1 + static_cast<std::int64_t>(wakes.size());
  }
  body["eventfds"] = eventfds;
  send(place, "map_others", all, std::move(body));
  answer_of(place);
}

JsonObject RoleProcesses::answer_of(Place place) {
  for (;;) {
    auto message = processes_[place].channel.receive();
    if (!message) {
      if (processes_[place].killer.joinable()) throw DiedSoon(place);
      throw std::runtime_error(name_of(place) + " ended without a word");
    }
    const auto op = text_of(message->body, "op");
    if (op != "violation" && op != "told") return std::move(message->body);
    complain_or_note(place, message->body);
  }
}

void RoleProcesses::complain_or_note(Place place, const JsonObject& message) {
  const auto op = text_of(message, "op");
  if (op == "violation") {
    throw std::runtime_error(name_of(place) + ": " + text_of(message, "text"));
  }
  if (op == "told") ++told_;
}

void RoleProcesses::hear(Place place) {
  bool closed = false;
  while (const auto message = processes_[place].channel.try_receive(closed)) {
    complain_or_note(place, message->body);
  }
}

void RoleProcesses::check_processes() {
  for (Place place = 0; place < places(); ++place) {
    auto& process = processes_[place];
    if (process.pid == 0) continue;
    hear(place);
    if (process.killer.joinable()) continue;
    int status = 0;
    if (::waitpid(process.pid, &status, WNOHANG) == process.pid) {
      process.pid = 0;
      throw std::runtime_error(name_of(place) + " ended by itself, wait status " +
                               std::to_string(status));
    }
  }
}

void RoleProcesses::kill_soon(Place place, std::chrono::microseconds after) {
  // Nobody reaps it meanwhile, so that its id stays its own.
  processes_[place].killer = std::jthread([pid = processes_[place].pid, after] {
    std::this_thread::sleep_for(after);
    ::kill(pid, SIGKILL);
  });
}

void RoleProcesses::kill_now(const std::vector<Place>& victims) {
  for (const auto place : victims) ::kill(processes_[place].pid, SIGKILL);
}

void RoleProcesses::reap(Place place) {
  auto& process = processes_[place];
  process.killer = std::jthread();
  hear(place);
  process.channel = Channel();
  ::waitpid(std::exchange(process.pid, 0), nullptr, 0);
}

void RoleProcesses::dismiss(const std::vector<Place>& all) {
  for (const auto place : all) {
    hear(place);
    processes_[place].channel = Channel();
  }
  ring();
  for (const auto place : all) {
    int status = 0;
    ::waitpid(std::exchange(processes_[place].pid, 0), &status, 0);
    if (status == 0) continue;
    throw std::runtime_error(name_of(place) + " ended with wait status " + std::to_string(status));
  }
}

}  // namespace vcengine::test
