/// Crashes a block again and again that has a 4K picture in its hands, and says how long no picture
/// came through it: without crash capsules, with them, and with them on a full disk:
/// capsule_cost --rounds 5. With a back-off there is time for the capsule; --backoff 1ms shows what
/// it costs where there is none.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"
#include "tests/processes/support/process.hpp"
#include "tests/processes/support/spread.hpp"
#include "tests/processes/support/witnessed.hpp"

namespace vcengine::test {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

std::string circuit(const std::string& backoff) {
  return "circuit: large\n"
         "defaults: {backoff: {first: " +
         backoff + ", limit: " + backoff +
         "}, intensity: {deaths: 1000, within: 1s}}\n"
         "blocks:\n"
         "  source: {type: test.large_source, rate: 500}\n"
         "  bad:    {type: test.troubled_pass, params: {orders: bad.do}}\n"
         "  sink:   {type: test.witness, params: {path: seen, marked: false}}\n"
         "wires: [source.frames -> bad.in, bad.out -> sink.in]\n";
}

/// More often there is no capsule of one block.
constexpr auto kEvery = 1100ms;

struct Case {
  std::string name;
  bool capsules = true;
  bool full_disk = false;
  std::string_view told;             ///< of each crash
  std::vector<double> recoveries{};  ///< ms
};

class Trial {
 public:
  Trial(Case& trial, const std::string& backoff) : case_(trial), host_(command(backoff)) {
    await_picture();
  }

  void crash() {
    const auto told = times_told();
    const auto orders = folder_.path() / "bad.do";
    folder_.write("bad.new", "crash");
    fs::rename(folder_.path() / "bad.new", orders);
    host_.wait_until([&] { return !fs::exists(orders); }, "the crash");
    const auto since = Clock::now();
    await_picture();
    case_.recoveries.push_back(Milliseconds(Clock::now() - since).count());
    host_.wait_until([&] { return times_told() == told + 1; }, case_.told);
    std::this_thread::sleep_until(since + kEvery);
  }

  void end() {
    host_.signal(SIGINT);
    if (host_.wait() != 130) throw std::runtime_error(host_.errors());
  }

 private:
  Command command(const std::string& backoff) {
    const auto disk = folder_.path() / "disk";
    fs::create_directory(disk);
    auto command =
        host_command(folder_.path(), {folder_.write("circuit.yaml", circuit(backoff)).string(),
                                      "--capsules", case_.capsules ? disk.string() : "none"});
    if (case_.full_disk) {
      const std::vector<std::string> on_full_disk = {
          "unshare",
          "-m",
          "sh",
          "-ec",
          "mount -t tmpfs -o size=8m none \"$HOME/disk\"\nexec \"$@\"",
          "sh"};
      command.argv.insert(command.argv.begin(), on_full_disk.begin(), on_full_disk.end());
    }
    return command;
  }

  void await_picture() {
    const auto now = Clock::now().time_since_epoch();
    host_.wait_until([&] { return newest_seen(folder_.path() / "seen") > now; }, "a picture");
  }

  std::size_t times_told() const {
    std::size_t times = 0;
    for (const auto& line : lines_of(host_.errors())) {
      if (line.find(case_.told) != line.npos) ++times;
    }
    return times;
  }

  Case& case_;
  TemporaryFolder folder_;
  Process host_;
};

int run_all(int rounds, int crashes, const std::string& backoff) {
  adopt_orphans();
  std::vector<Case> cases = {
      {.name = "no capsules", .capsules = false, .told = "block bad starts again"},
      {.name = "capsules", .told = "capsule of block bad: vcengine rerun "}};
  if (::geteuid() == 0) {  // who alone may mount
    cases.push_back({.name = "full disk", .full_disk = true, .told = "(No space left on device)"});
  }
  for (int round = 0; round < rounds; ++round) {
    for (auto& each : cases) {
      Trial trial(each, backoff);
      for (int i = 0; i < crashes; ++i) trial.crash();
      trial.end();
    }
  }
  if (!eventually(no_children_left)) throw std::runtime_error("processes were left");
  for (const auto& each : cases) {
    fmt::print("{:12} {:4} crashes, until a picture came: {}\n", each.name, each.recoveries.size(),
               spread_of(each.recoveries));
  }
  return 0;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  CLI::App app{"How long a crash of a block with a 4K picture lasts, with and without capsules"};
  int rounds = 1, crashes = 10;
  std::string backoff = "100ms";
  app.add_option("--rounds", rounds, "Each has a run of each kind")->capture_default_str();
  app.add_option("--crashes", crashes, "Of each run")->capture_default_str();
  app.add_option("--backoff", backoff, "Between the crash and the next start")
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return vcengine::test::run_all(rounds, crashes, backoff);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
