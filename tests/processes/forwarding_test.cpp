/// Blocks that send frames on as they are: nothing is copied, and nothing that waits or is held
/// changes, whoever dies meanwhile.
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <sstream>
#include <string>

#include "tests/processes/support/host_test.hpp"
#include "tests/processes/support/proc.hpp"

namespace vcengine::test {

namespace {

/// Over three blocks that send on, to a recorder that is slow, beside one that is not.
std::string chain(int frames) {
  return "blocks:\n"
         "  source: {type: io.test_pattern, params: {frames: " +
         std::to_string(frames) +
         ", width: 1920, height: 1080}}\n"
         "  g1: {type: flow.gate}\n  g2: {type: flow.every_nth, params: {n: 1}}\n"
         "  g3: {type: flow.gate}\n"
         "  far: {type: test.recorder, params: {path: far.txt, pause: 20ms}}\n"
         "  near: {type: test.recorder, params: {path: near.txt}}\n"
         "wires:\n"
         "  - source.frames -> g1.in\n  - g1.out -> g2.in\n  - g2.out -> g3.in\n"
         "  - g3.out -> far.in\n"
         "  - {from: source.frames, to: near.in, policy: drop_oldest}\n";
}

/// Bytes of frames that this process, or one that maps the same memory, has written or read: of
/// the pools it writes to itself, or of all.
std::int64_t frames_in_memory(pid_t process, bool own) {
  std::istringstream lines(read_file("/proc/" + std::to_string(process) + "/smaps"));
  std::int64_t kilobytes = 0;
  bool counts = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("memfd:vcengine:frames") != std::string::npos) {
      counts = !own || line.find(" rw-s ") != std::string::npos;
    } else if (counts && line.starts_with("Rss:")) {
      kilobytes += std::stoll(line.substr(4));
      counts = false;
    }
  }
  return kilobytes * 1024;
}

class ForwardingProcessTest : public HostTest {
 protected:
  /// By stamp: type, shape and hash.
  std::map<std::int64_t, std::string> pictures(const std::string& file) const {
    std::map<std::int64_t, std::string> by_stamp;
    for (const auto& line : recorded(file)) {
      std::istringstream words(line);
      std::int64_t sequence = 0, stamp = 0;
      std::string rest;
      words >> sequence >> stamp;
      std::getline(words, rest);
      by_stamp[stamp] = rest;
    }
    return by_stamp;
  }
  void expect_intact() const {
    auto undisturbed = pictures("alone.txt");
    for (const auto& [stamp, picture] : pictures("far.txt"))
      EXPECT_EQ(picture, undisturbed[stamp]) << "at " << stamp << " ns";
  }
  /// What each picture should be.
  void record_undisturbed(int frames) const {
    const auto result = run_host({circuit("blocks:\n  source: {type: io.test_pattern, params: "
                                          "{frames: " +
                                              std::to_string(frames) +
                                              ", width: 1920, height: 1080}}\n"
                                              "  sink: {type: test.recorder, params: {path: "
                                              "alone.txt}}\nwires: [source.frames -> sink.in]\n",
                                          "alone.yaml"),
                                  "-q"});
    ASSERT_EQ(0, result.status) << result.errors;
  }
};

}  // namespace

TEST_F(ForwardingProcessTest, PicturesComeOverThreeBlocksWithoutBeingCopied) {
  constexpr int kFrames = 40;
  record_undisturbed(kFrames);
  Process sut(host({circuit(chain(kFrames)), "-q", "--fast"}));
  sut.wait_until([&] { return recorded("far.txt").size() > 5; }, "the first pictures");
  std::map<std::string, pid_t> workers;
  for (const auto& worker : workers_of(sut.pid()))
    workers[worker.name.substr(worker.name.find('/') + 1)] = worker.pid;
  constexpr std::int64_t kPicture = 1920 * 1080 * 3;
  EXPECT_GE(frames_in_memory(workers["source"], true), kPicture) << "or this test sees nothing";
  EXPECT_GE(frames_in_memory(workers["far"], false), kPicture);
  for (const auto* block : {"g1", "g2", "g3"}) {
    EXPECT_EQ(frames_in_memory(workers[block], true), 0) << block << " copies";
    EXPECT_EQ(frames_in_memory(workers[block], false), 0) << block << " reads";
  }
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_EQ(pictures("far.txt").size(), kFrames);
  expect_intact();
}

TEST_F(ForwardingProcessTest, WhatADeadBlockSentOnArrivesAsItWas) {
  constexpr int kFrames = 2000;  // it ends before
  record_undisturbed(200);
  for (const auto* victim : {"g1", "g2", "g3"}) {
    std::filesystem::remove(folder() / "far.txt");
    Process sut(host({circuit("defaults: {restart: never}\n" + chain(kFrames)), "-q", "--fast"}));
    sut.wait_until([&] { return recorded("far.txt").size() > 5; }, "the first pictures");
    for (const auto& worker : workers_of(sut.pid())) {
      if (worker.name.ends_with(victim)) ::kill(worker.pid, SIGKILL);
    }
    EXPECT_EQ(3, sut.wait()) << sut.errors();
    EXPECT_GT(pictures("far.txt").size(), 5U);
    expect_intact();
  }
}

}  // namespace vcengine::test
