/// Four clients that set a parameter of a running circuit as fast as they are answered: what that
/// costs the circuit, set_flood --rounds 10 --seconds 2. Quiet and flooded times take turns.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/engine/temporary_folder.hpp"
#include "tests/processes/support/control.hpp"
#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/process.hpp"
#include "tests/processes/support/report.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kCircuit =
    "circuit: flood\n"
    "blocks:\n"
    "  video:  {type: test.marked_source}\n"
    "  detect: {type: vision.edge_detector}\n"
    "  edges:  {type: core.null}\n"
    "wires: [video.frames -> detect.image, detect.edges -> edges.in]\n";

constexpr int kClients = 4;

/// What is set are its default and the next, for other values are other work.
constexpr int kUsual = 85;

using Clock = std::chrono::steady_clock;

std::int64_t frames(ControlClient& client) {
  const auto answer = client.ask({{"op", "stats"}});
  return parse_report(to_text(member(answer, "stats"))).blocks.at("detect").frames;
}

double frames_per_second(ControlClient& client, std::chrono::duration<double> time) {
  const auto from = Clock::now();
  const auto before = frames(client);
  std::this_thread::sleep_for(time);  // what is measured, nothing is waited for
  const auto after = frames(client);
  return static_cast<double>(after - before) /
         std::chrono::duration<double>(Clock::now() - from).count();
}

class Flood {
 public:
  explicit Flood(const std::filesystem::path& folder) {
    for (int i = 0; i < kClients; ++i) {
      threads_.emplace_back([this, folder, i] {
        auto client = client_of(folder);
        for (int k = 0; !stop_; ++k) {
          const auto answer = client.ask({{"op", "set"},
                                          {"block", "detect"},
                                          {"param", "low"},
                                          {"value", kUsual + (k + i) % 2}});
          if (!flag_of(answer, "ok")) ++refused_;
          ++answered_;
        }
      });
    }
  }
  /// Settings that were answered.
  std::int64_t end() {
    stop_ = true;
    for (auto& thread : threads_) thread.join();
    if (refused_ > 0) throw std::runtime_error(fmt::format("{} were refused", refused_.load()));
    return answered_;
  }

 private:
  std::atomic<bool> stop_ = false;
  std::atomic<std::int64_t> answered_ = 0, refused_ = 0;
  std::vector<std::thread> threads_;
};

int run_all(int rounds, double seconds) {
  const TemporaryFolder folder;
  const auto file = folder.write("circuit.yaml", kCircuit).string();
  Process host(host_command(folder.path(), {file}));
  auto client = client_of(folder.path());
  host.wait_until([&] { return frames(client) > 10; }, "frames");
  const std::chrono::duration<double> time(seconds);
  double quiet = 0;
  double flooded = 0;
  std::int64_t answered = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto without = frames_per_second(client, time);
    Flood flood(folder.path());
    const auto with = frames_per_second(client, time);
    answered += flood.end();
    fmt::print("{:.1f} frames/s, with {} clients {:.1f} frames/s\n", without, kClients, with);
    quiet += without / rounds;
    flooded += with / rounds;
  }
  client.ask({{"op", "stop"}});
  if (host.wait() != 0) throw std::runtime_error(host.errors());
  fmt::print("{} settings answered; {:.1f} and {:.1f} frames/s: {:+.1f} %\n", answered, quiet,
             flooded, (flooded / quiet - 1) * 100);
  return answered > 0 ? 0 : 1;
}

}  // namespace

}  // namespace vcengine::test

int main(int argc, char** argv) {
  CLI::App app{"Measures what clients cost a circuit that set parameters as fast as they can"};
  int rounds = 10;
  double seconds = 2;
  app.add_option("--rounds", rounds, "How often")->capture_default_str();
  app.add_option("--seconds", seconds, "Of each")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  try {
    return vcengine::test::run_all(rounds, seconds);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
}
