// Clients of a running circuit's socket that say what they like, while its workers answer, die and
// come back when they like: each line is answered once, in JSON, and the circuit is as it was.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "engine/run/live_control.hpp"
#include "tests/engine/checked_circuit.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace vcengine::fuzz {
namespace {

using Clock = std::chrono::steady_clock;

/// No more than the server takes at once.
constexpr int kMostLines = 150;

/// What it is asked for becomes of it later, or never.
class FakeRun final : public ControlledRun {
 public:
  using OnOutcome = std::function<void(const std::string&)>;

  explicit FakeRun(std::size_t blocks) : phases(blocks, WorkerPhase::running) {}

  WorkerPhase phase(std::size_t block) const override { return phases[block]; }
  bool running() const override { return is_running; }
  bool stopping() const override { return is_stopping; }
  RunStats stats() const override { return {}; }
  void stop_on_request() override { is_stopping = true; }
  bool order(std::size_t block, const JsonObject& message) override {
    require(phases[block] == WorkerPhase::running, "orders go to who runs");
    if (is_deaf) return false;
    orders.emplace_back(block, integer_of(message, "id"));
    return true;
  }
  void start_paused(std::size_t, bool) override {}
  void swap(std::size_t, std::filesystem::path, OnOutcome told) override { keep(std::move(told)); }
  void restart(std::size_t, OnOutcome told) override { keep(std::move(told)); }
  void reload(Reload::OnOutcome told) override {
    if (is_deaf) throw JsonError("not now");
    reloads.push_back(std::move(told));
  }
  void set_log_level(std::size_t, const std::string&) override {}
  void hold_back_clock(std::chrono::nanoseconds time) override {
    require(time.count() >= 0, "the clock is not put forward");
  }

  std::vector<WorkerPhase> phases;
  bool is_running = true, is_stopping = false, is_deaf = false;
  std::deque<std::pair<std::size_t, std::int64_t>> orders;
  std::vector<OnOutcome> outcomes;
  std::vector<Reload::OnOutcome> reloads;

 private:
  void keep(OnOutcome told) {
    if (is_deaf) throw JsonError("not now");
    outcomes.push_back(std::move(told));
  }
};

const Plan& plan() {
  static const Plan kPlan = plan_of(
      "blocks:\n"
      "  camera: {type: io.camera}\n"
      "  detect: {type: vision.edge_detector}\n"
      "  view: {type: io.screen}\n"
      "wires: [camera.frames -> detect.image, detect.edges -> view.image]\n");
  return kPlan;
}

class Trial {
 public:
  explicit Trial(Input& input) : input_(input), run_(plan().blocks.size()), live_(plan(), run_) {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0, "a socket");
    client_ = FileDescriptor(ends[0]);
    server_.emplace(FileDescriptor(ends[1]), JsonObject{{"protocol", 1}});
    live_.use(*server_);
    live_.use(log_);
  }

  void run() {
    while (!input_.empty() && lines_ < kMostLines) {
      act();
      turn();
      if (input_.flag()) read();
    }
    // Whoever waits for something is told so in the end.
    for (auto& told : std::exchange(run_.outcomes, {})) told(input_.flag() ? "" : "went wrong");
    for (auto& told : std::exchange(run_.reloads, {})) told({});
    send("\n");
    for (int round = 0; round < 2000 && (round < 3 || answers_ < lines_); ++round) {
      now_ += std::chrono::seconds(6);
      live_.check_times(now_);
      turn();
      read();
    }
    if (!countable_) return;
    require(answers_ == lines_, "each line is answered once");
  }

 private:
  void act() {
    switch (input_.below(12)) {
      case 0:
        countable_ = false;
        send(input_.text(input_.take<std::uint8_t>()));
        break;
      case 1: {
        std::string line(input_.text(input_.take<std::uint8_t>()));
        std::ranges::replace(line, '\n', ' ');
        countable_ = countable_ && line.find("follow") == std::string::npos;
        send(line + '\n');
        break;
      }
      case 2:
        if (input_.below(16) == 0) {
          countable_ = false;
          send(std::string((std::size_t{64} << 10) - 8 + input_.below(16), ' '));
        }
        break;
      case 3:
      case 4:
        answer();
        break;
      case 5:
        change_phase();
        break;
      case 6:
        log_.add(input_.flag() ? "detect" : "", "stdout", input_.text(input_.below(64)));
        break;
      case 7:
        now_ += std::chrono::milliseconds(input_.below(1 << 14));
        live_.check_times(now_);
        break;
      case 8:
        run_.is_deaf = input_.below(4) == 0;
        run_.is_running = input_.below(8) != 0;
        break;
      default:
        request();
    }
  }

  void request() {
    constexpr std::array kOps{"status", "stats",   "get",    "set",  "pause", "resume",    "step",
                              "stop",   "restart", "reload", "swap", "logs",  "log_level", "save"};
    JsonObject request{{"op", kOps[input_.below(kOps.size())]}};
    constexpr std::array kTexts{"block", "param", "value", "level", "plugin", "id"};
    constexpr std::array kWords{"camera", "detect", "view", "low", "high", "debug", "/x.so", "60"};
    for (const auto* name : kTexts) {
      if (input_.flag()) request[name] = value(kWords);
    }
    if (input_.below(4) == 0) request["last"] = value(kWords);
    if (input_.below(8) == 0) request["follow"] = value(kWords);
    if (input_.below(4) == 0) {
      JsonArray settings;
      for (auto count = input_.below(4); count-- > 0;) {
        settings.push_back(JsonObject{
            {"block", value(kWords)}, {"param", value(kWords)}, {"value", value(kWords)}});
      }
      request["settings"] = std::move(settings);
    }
    // Such a call has no end.
    if (const auto* follow = request.if_contains("follow");
        follow != nullptr && follow->is_bool()) {
      countable_ = countable_ && !follow->get_bool();
    }
    send(to_text(request) + '\n');
  }

  template <std::size_t Count>
  Json value(const std::array<const char*, Count>& words) {
    switch (input_.below(16)) {
      case 0:
        return nullptr;
      case 1:
        return input_.word(60);
      case 2:
        return input_.flag();
      case 3:
        return JsonArray{1, 2};
      case 4:
        return Json(input_.text(input_.below(32)));
      case 5:
        return static_cast<double>(input_.word(60)) / 7;
      default:
        return words[input_.below(words.size())];
    }
  }

  void answer() {
    if (run_.orders.empty()) return;
    const auto at = input_.below(run_.orders.size());
    const auto [block, id] = run_.orders[at];
    JsonObject answer{{"op", "answer"}, {"id", id}};
    constexpr std::array kDid{"frame", "nothing", "room", "what"};
    switch (input_.below(8)) {
      case 0:
        answer["error"] = "no";
        break;
      case 1:
        answer["later"] = true;
        live_.answered(block, answer);
        return;
      case 2:
        answer["id"] = input_.word(1) >> 1;
        [[fallthrough]];
      default:
        answer["did"] = kDid[input_.below(kDid.size())];
    }
    run_.orders.erase(run_.orders.begin() + static_cast<std::ptrdiff_t>(at));
    live_.answered(block, answer);
    live_.check_times(now_);
  }

  void change_phase() {
    const auto block = input_.below(run_.phases.size());
    constexpr std::array kPhases{WorkerPhase::running, WorkerPhase::down, WorkerPhase::starting,
                                 WorkerPhase::finished};
    const auto phase = kPhases[input_.below(kPhases.size())];
    if (run_.phases[block] == WorkerPhase::running && phase != WorkerPhase::running) {
      std::erase_if(run_.orders, [&](const auto& order) { return order.first == block; });
      run_.phases[block] = phase;
      live_.block_ended(block);
    } else {
      run_.phases[block] = phase;
      if (phase == WorkerPhase::running) live_.block_runs(block);
    }
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent =
          ::send(client_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (sent <= 0) {
        if (errno != EAGAIN || server_->wanted().empty()) {  // closed, or asked nothing any more
          countable_ = false;
          return;
        }
        turn();
        read();
        continue;
      }
      lines_ += static_cast<int>(
          std::ranges::count(bytes.substr(0, static_cast<std::size_t>(sent)), '\n'));
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// As the supervisor does.
  void turn() {
    for (const auto& wanted : server_->wanted()) {
      pollfd ready{.fd = wanted.fd, .events = wanted.events, .revents = 0};
      if (::poll(&ready, 1, 0) > 0) server_->ready(wanted.client);
    }
    live_.serve();
  }

  void read() {
    std::array<char, 65536> bytes;
    for (;;) {
      const auto got = ::recv(client_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
      if (got == 0) countable_ = false;
      if (got <= 0) break;
      heard_.append(bytes.data(), static_cast<std::size_t>(got));
    }
    std::size_t begin = 0;
    for (auto end = heard_.find('\n'); end != std::string::npos; end = heard_.find('\n', begin)) {
      const auto json = parse_json(std::string_view(heard_).substr(begin, end - begin));
      const auto& line = object_of(json, "line");
      if (line.contains("ok")) {
        require(line.contains("id") && (flag_of(line, "ok") || line.contains("error")),
                "an answer has an id, a refusal a reason");
        ++answers_;
      }
      begin = end + 1;
    }
    heard_.erase(0, begin);
  }

  Input& input_;
  FakeRun run_;
  LiveLog log_;
  LiveControl live_;
  std::optional<ControlServer> server_;
  FileDescriptor client_;
  std::string heard_;
  Clock::time_point now_ = Clock::now();
  int lines_ = 0, answers_ = 0;
  bool countable_ = true;  ///< all that was sent are whole lines that have an end
};

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vcengine::fuzz::Input input(data, size);
  vcengine::fuzz::Trial(input).run();
  return 0;
}
