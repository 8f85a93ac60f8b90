// The host itself, whose workers send what they like, write over their pages and die when they
// like: it sees all of them off, and says how it went.
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <deque>

#include "engine/control/report_json.hpp"
#include "engine/run/supervisor.hpp"
#include "engine/show/report.hpp"
#include "engine/show/run_history.hpp"
#include "engine/show/status_text.hpp"
#include "tests/engine/checked_circuit.hpp"
#include "tests/fuzz/pages.hpp"
#include "vcengine/registry.hpp"

namespace vcengine::fuzz {
namespace {

/// A worker without a process.
class FakeWorker {
 public:
  FakeWorker(Input& input, Channel channel, FileDescriptor ended)
      : input_(input),
        channel_(std::move(channel)),
        ended_(std::move(ended)),
        answers_(input.below(8)) {}

  /// Reads what it was sent, and does one thing more.
  void go_on() {
    if (dead_) return;
    read();
    if (input_.empty()) return die();
    const auto action = input_.below(16);
    if (answers_ > 0) {
      if (!is_asked_ || action == 0) return;
      --answers_;
      return answer();
    }
    switch (action) {
      case 0:
        send_text(input_.text(input_.take<std::uint8_t>()));
        break;
      case 1:
      case 2:
        send_out_of_turn();
        break;
      case 3:
      case 4:
        write_over_pages();
        break;
      case 5:
        if (input_.below(4) == 0) return die();
        break;
      case 6:
        channel_.send({{"op", "hello"}}, std::vector<int>(input_.below(5), ended_.get()));
        break;
      case 7:
        if (input_.below(4) == 0) channel_ = Channel();
        break;
      case 8:
      case 9:
        answer();
        break;
      default:
        break;
    }
  }

  void die() {
    if (dead_) return;
    dead_ = true;
    channel_ = Channel();
    const std::uint64_t one = 1;
    require(::write(ended_.get(), &one, sizeof one) == sizeof one, "its end is seen");
  }

 private:
  void read() {
    try {
      char first = 0;  // a message costs a quarter of a megabyte: not for nothing
      bool closed = false;
      while (::recv(channel_.fd(), &first, 1, MSG_PEEK | MSG_DONTWAIT) == 1) {
        auto message = channel_.try_receive(closed);
        sent_ = text_of(message->body, "op");
        is_asked_ = true;
        if (sent_ == "map_own") map(*message);
      }
    } catch (const ChannelError&) {
      require(false, "the host sends what can be read");
    }
  }

  void map(const Message& message) {
    for (const auto& descriptor : message.descriptors) {
      // Not the payloads, which the host does not look at.
      if (const auto size = ::lseek(descriptor.get(), 0, SEEK_END); size > 0 && size < (1 << 20))
        pages_.emplace_back(descriptor.get(), wire::Access::read_write);
    }
  }

  /// What the host waits for; when it runs, what a worker may say at any time.
  void answer() {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kAnswers{
        {{"", "hello"},
         {"load", "loaded"},
         {"map_own", "mapped"},
         {"map_others", "wired"},
         {"start", "ready"}}};
    std::string_view op = input_.flag() ? "finished" : "stop_circuit";
    if (is_asked_)
      op = std::ranges::find(kAnswers, sent_, &decltype(kAnswers)::value_type::first)->second;
    is_asked_ = false;
    channel_.send({{"op", op},
                   {"abi", kAbiVersion},
                   {"layout_major", wire::kLayoutMajor},
                   {"reason", "enough"},
                   {"window", true}});
  }

  void send_out_of_turn() {
    constexpr std::array kWords{"hello", "debug_wait", "loaded",       "mapped", "wired",
                                "ready", "finished",   "stop_circuit", "failed", "ended"};
    JsonObject message{{"op", kWords[input_.below(kWords.size())]}};
    constexpr std::array kNumbers{"abi", "layout_major", "process"};
    constexpr std::array kTexts{"text", "reason", "class"};
    for (const auto* name : kNumbers) add(message, name, true);
    for (const auto* name : kTexts) add(message, name, false);
    channel_.send(message);
  }

  /// Mostly; or of the wrong kind, or not.
  void add(JsonObject& message, const char* name, bool number) {
    const auto kind = input_.below(8);
    if (kind == 0) return;
    if (number == (kind != 1)) {
      message[name] = input_.word(1);
    } else {
      message[name] = boost::json::string(input_.text(input_.below(4)));
    }
  }

  void send_text(std::string_view text) const {
    ::send(channel_.fd(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  }

  void write_over_pages() {
    if (pages_.empty()) return;
    const auto bytes = pages_[input_.below(pages_.size())].bytes();
    for (auto words = 1 + input_.below(16); words > 0; --words) scribble(input_, bytes);
  }

  Input& input_;
  Channel channel_;
  FileDescriptor ended_;
  std::vector<wire::Mapping> pages_;
  std::size_t answers_;  // that it gives before it begins to misbehave
  std::string sent_;     // what the host wanted last
  bool is_asked_ = true;
  bool dead_ = false;
};

class FakeLauncher final : public ProcessLauncher {
 public:
  explicit FakeLauncher(Input& input) : input_(input) {}

  WorkerProcess launch(const std::string&, const Variables&) override {
    auto [host, worker] = Channel::make();
    FileDescriptor pidfd(::eventfd(0, EFD_CLOEXEC));
    workers_.emplace_back(input_, std::move(worker), FileDescriptor(::dup(pidfd.get())));
    return {.pid = kFirst + static_cast<pid_t>(workers_.size()) - 1,
            .pidfd = std::move(pidfd),
            .control = std::move(host),
            .crash_report = FileDescriptor(::memfd_create("report", MFD_CLOEXEC))};
  }
  void signal(const WorkerProcess& worker, int) noexcept override { of(worker).die(); }
  ProcessEnd reap(const WorkerProcess& worker) noexcept override {
    of(worker).die();
    return {.status = input_.take<std::uint8_t>(), .signal = input_.flag() ? SIGSEGV : 0};
  }

  void go_on() {
    for (auto& worker : workers_) worker.go_on();
  }

 private:
  static constexpr pid_t kFirst = 1000;
  FakeWorker& of(const WorkerProcess& worker) {
    return workers_[static_cast<std::size_t>(worker.pid - kFirst)];
  }

  Input& input_;
  std::deque<FakeWorker> workers_;
};

/// Each time the host is about to wait, the workers go on; and as it waits for room for their
/// output, of which there always is, it never waits.
class FakeConsole final : public RunConsole {
 public:
  explicit FakeConsole(FakeLauncher& launcher) : launcher_(launcher) {}

  void block_output(std::string_view, std::string_view) override {}
  void block_error(std::string_view, std::string_view) override {}
  bool takes_output() override {
    launcher_.go_on();
    return false;
  }
  int output_fd() const override { return always_.get(); }
  void note(std::string_view) override {}
  void error(std::string_view) override {}
  void show(const RunStats& stats) override {
    history_.add(stats);
    status_text(stats, history_, Glyphs::utf8);
  }

 private:
  FakeLauncher& launcher_;
  RunHistory history_;
  const FileDescriptor always_{::eventfd(0, EFD_CLOEXEC)};
};

const Plan& plan() {
  static const Plan planned = plan_of(
      "defaults: {backoff: {first: 0, limit: 0}}\n"  // or it would wait most of the time
      "blocks: {eyes: {type: io.stereo}, meet: {type: flow.join}, end: {type: core.null}}\n"
      "wires: [eyes.left -> meet.a, eyes.right -> meet.b, meet.out -> end.in]\n");
  return planned;
}

/// A run blocks them for good; who searches wants to end it.
void unblock_signals() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) ::sigaddset(&set, number);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine;
  using namespace vcengine::fuzz;
  constexpr std::size_t kEnough = 400;  // the host looks at everything again after each of them
  Input input(data, std::min(size, kEnough));
  FakeLauncher launcher(input);
  FakeConsole console(launcher);
  auto status = ExitStatus::success;
  {
    Supervisor host(
        plan(), {}, launcher, [](const auto&) { return std::string(); }, console);
    status = host.run();
    report(host.stats(), Glyphs::ascii);
    parse_json(report_json(host.stats()));
  }
  unblock_signals();
  if (status == ExitStatus::interrupted) ::raise(SIGINT);
  if (status == ExitStatus::terminated) ::raise(SIGTERM);
  return 0;
}
