/// Blocks that are given a new process because somebody asks for it.
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <utility>

#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kNever = "defaults: {restart: never}\n";
constexpr const char* kChain =
    "circuit: chain\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 500}\n"
    "  latch: {type: test.latch}\n"
    "  sink: {type: test.recorder}\n"
    "wires: [count.number -> latch.in, latch.out -> sink.in]\n";

}  // namespace

class AskedRestartsTest : public ControlledTest {
 protected:
  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> numbers;
    for (const auto& line : recorded("recorded.txt")) {
      numbers.push_back(std::stoll(line.substr(line.rfind(' ') + 1)));
    }
    return numbers;
  }
  /// Asks for it, and waits until the host knows.
  ControlClient begin_restart(const std::string& block) const {
    auto client = client_of(folder());
    client.send({{"op", "restart"}, {"block", block}});
    client.ask({{"op", "status"}});
    return client;
  }
  /// What became of it; empty: it was done.
  static std::string outcome(ControlClient& client) {
    const auto answer = client.receive();
    if (!answer) return "the host has ended";
    return flag_of(*answer, "ok") ? "" : text_of(*answer, "error");
  }
};

TEST_F(AskedRestartsTest, ABlockHasAnotherProcessAndNoFrameIsLostOrDoubled) {
  Process sut(host({circuit(std::string(kNever) + kChain), "--json"}));
  wait_until_running();
  for (int i = 0; i < 5; ++i) {
    const auto before = worker(sut, "latch");
    expect_done({"restart", "latch"});
    const auto after = worker(sut, "latch");
    EXPECT_NE(before, after);
    EXPECT_NE(0, after);
    const auto from = frames("sink");
    sut.wait_until([&] { return frames("sink") > from + 5; }, "frames");
  }
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_FALSE(contains(sut.errors(), "starts again")) << "it counts as no death";
  const auto seen = numbers();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    ASSERT_EQ(static_cast<std::int64_t>(i) + 1, seen[i]);
  }
  for (const auto& [name, wire] : parse_report(sut.output()).wires) {
    EXPECT_EQ(wire.published, wire.taken + wire.in_flight) << name;
  }
}

TEST_F(AskedRestartsTest, ABlockThatDoesNotLeaveIsKilledAndLosesItsFrameAlone) {
  Process sut(host({circuit(std::string(kNever) + kChain), "--json"}));
  wait_until_running();
  sut.wait_until([&] { return frames("sink") > 5; }, "frames");
  shut();
  wait_until_latched();
  expect_done({"restart", "latch"});
  open();
  const auto from = frames("sink");
  sut.wait_until([&] { return frames("sink") > from + 5; }, "frames");
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "block latch does not leave its process(); killed"));
  EXPECT_EQ(1, parse_report(sut.output()).wires.at("latch.in").dropped.at("lost_in_crash"));
}

TEST_F(AskedRestartsTest, APausedBlockIsPausedAfterwards) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  sut.wait_until([&] { return frames("sink") > 5; }, "frames");
  expect_done({"pause"});
  const auto paused_at = frames("latch");
  expect_done({"restart", "latch"});
  for (int i = 0; i < 20; ++i) EXPECT_EQ(paused_at, frames("latch"));
  expect_done({"step"});
  EXPECT_EQ(paused_at + 1, frames("latch"));
}

namespace {

std::string last_call(const std::string& keys) {
  return "blocks:\n"
         "  once: {type: test.last_call" +
         keys +
         "}\n"
         "  sink: {type: test.recorder}\n"
         "  count: {type: core.counter, rate: 10}\n"
         "  end: {type: core.null}\n"
         "wires: [once.number -> sink.in, count.number -> end.in]\n";
}

}  // namespace

TEST_F(AskedRestartsTest, ASourceThatIsAskedInItsLastCallHasEnded) {
  shut();
  Process sut(host({circuit(last_call(""))}));
  wait_until_running();
  sut.wait_until([&] { return recorded("recorded.txt").size() == 1; }, "its frame");
  auto client = begin_restart("once");
  open();
  EXPECT_EQ("block once: it has ended and does not come back", outcome(client));
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_EQ((std::vector<std::int64_t>{1}), numbers());
}

TEST_F(AskedRestartsTest, ASourceThatIsAskedInItsLastCallBeginsAnewAtOnceIfItDoesSoAnyway) {
  shut();
  Process sut(host({circuit(last_call(", restart: always, backoff: {first: 1h, limit: 1h}"))}));
  wait_until_running();
  sut.wait_until([&] { return recorded("recorded.txt").size() == 1; }, "its frame");
  auto client = begin_restart("once");
  open();
  EXPECT_EQ("", outcome(client));
  sut.wait_until([&] { return recorded("recorded.txt").size() == 2; }, "its second pass");
  expect_done({"stop"});
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "block once came to its end; it begins anew in 0 ms"));
}

TEST_F(AskedRestartsTest, ADeathOfItsOwnMeanwhileIsOneAsTheFileSays) {
  Process sut(host({circuit(std::string(kNever) + kChain)}));
  wait_until_running();
  shut();
  wait_until_latched();
  auto client = begin_restart("latch");
  ::kill(await_worker(sut, "latch"), SIGKILL);
  EXPECT_EQ(3, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "worker chain/latch died (SIGKILL)"));
  EXPECT_FALSE(contains(sut.errors(), "it died 6 times"));
}

TEST_F(AskedRestartsTest, ABlockThatIsToBeStartedAgainLaterIsStartedNow) {
  Process sut(
      host({circuit("defaults: {backoff: {first: 1h, limit: 1h}}\n" + std::string(kChain))}));
  wait_until_running();
  sut.wait_until([&] { return frames("sink") > 5; }, "frames");
  ::kill(await_worker(sut, "latch"), SIGKILL);
  sut.wait_for_errors("block latch starts again in 3600000 ms");
  expect_done({"restart", "latch"});
  const auto from = frames("sink");
  sut.wait_until([&] { return frames("sink") > from + 5; }, "frames");
}

TEST_F(AskedRestartsTest, OneIsRefusedWhileAnotherIsUnderWay) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  shut();
  wait_until_latched();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  client.send(
      "{\"id\":1,\"op\":\"restart\",\"block\":\"latch\"}\n"
      "{\"id\":2,\"op\":\"restart\",\"block\":\"latch\"}\n");
  EXPECT_EQ("{\"id\":2,\"ok\":false,\"error\":\"block latch is being exchanged already\"}",
            client.line());
  open();
  EXPECT_EQ("{\"id\":1,\"ok\":true,\"block\":\"latch\"}", client.line());
}

TEST_F(AskedRestartsTest, WhoWaitsForOneIsToldThatTheCircuitStopsOrIsChanged) {
  Process sut(host({circuit(kChain)}));
  wait_until_running();
  const std::string restart = "{\"id\":1,\"op\":\"restart\",\"block\":\"latch\"}\n";
  const auto refused = [](const std::string& why) {
    return "{\"id\":1,\"ok\":false,\"error\":\"block latch: " + why + "\"}";
  };
  shut();
  wait_until_latched();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  client.send(restart + "{\"id\":2,\"op\":\"status\"}\n");
  EXPECT_TRUE(contains(client.line().value_or(""), "{\"id\":2,\"ok\":true"));
  auto edited = std::string(kChain);
  edited.insert(edited.find("wires:"), "  more: {type: core.counter}\n  end: {type: core.null}\n");
  edited.insert(edited.rfind(']'), ", more.number -> end.in");
  circuit(edited);
  expect_done({"reload"});
  EXPECT_EQ(refused("the circuit was changed before it had its new process"), client.line());
  open();
  const auto from = frames("latch");
  sut.wait_until([&] { return frames("latch") > from + 5; }, "frames");

  shut();
  wait_until_latched();
  client.send(restart + "{\"id\":2,\"op\":\"stop\"}\n");
  EXPECT_EQ("{\"id\":2,\"ok\":true}", client.line());
  open();
  EXPECT_EQ(refused("it has ended and does not come back"), client.line());
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(AskedRestartsTest, WhatHasEndedDoesNotComeBack) {
  Process sut(
      host({circuit("blocks:\n"
                    "  few: {type: core.counter, params: {count: 3}}\n"
                    "  first: {type: core.null}\n"
                    "  count: {type: core.counter, rate: 10}\n"
                    "  second: {type: core.null}\n"
                    "wires: [few.number -> first.in, count.number -> second.in]\n")}));
  wait_until_running();
  sut.wait_until([&] { return worker(sut, "few") == 0; }, "its end");
  EXPECT_TRUE(eventually([&] {
    return contains(tool({"restart", "few"}).errors, "block few does not run: it is gone");
  }));
}

}  // namespace vcengine::test
