/// What blocks of a running circuit print, read from outside.
#include <gtest/gtest.h>

#include <csignal>
#include <set>

#include "engine/run/live_log.hpp"
#include "tests/processes/support/controlled_circuit.hpp"

namespace vcengine::test {

namespace {

constexpr const char* kTwo =
    "circuit: talk\n"
    "blocks:\n"
    "  count: {type: core.counter, rate: 200}\n"
    "  left: {type: test.chatter}\n"
    "  right: {type: test.chatter}\n"
    "wires: [count.number -> left.in, count.number -> right.in]\n";

}  // namespace

class LogsTest : public ControlledTest {
 protected:
  void wait_for_frames(Process& sut, std::int64_t count) const {
    sut.wait_until([&] { return frames("right") >= count && frames("left") >= count; }, "frames");
  }
};

TEST_F(LogsTest, LogsShowsTheLastLinesOfAllOrOfOneBlock) {
  Process sut(host({circuit(kTwo)}));
  wait_until_running();
  wait_for_frames(sut, 5);
  const auto all = tool({"logs"});
  EXPECT_EQ(0, all.status) << all.errors;
  EXPECT_TRUE(contains(all.output, "[left] info 1 \n"));
  EXPECT_TRUE(contains(all.output, "[right] info 1 \n"));
  const auto one = tool({"logs", "left", "--last", "2"});
  EXPECT_EQ(2U, lines_of(one.output).size());
  EXPECT_FALSE(contains(one.output, "[right]"));
  EXPECT_TRUE(
      contains(tool({"logs", "-n", "1", "--json"}).output, "\"stream\":\"stderr\",\"text\":"));
  expect_refused({"logs", "lef"}, "no block 'lef' in circuit talk; did you mean 'left'?");
}

TEST_F(LogsTest, WhoFollowsGetsEachLineOnceAndTheEnd) {
  Process sut(host({circuit(kTwo)}));
  wait_until_running();
  auto client = client_of(folder());
  client.send({{"op", "logs"}, {"block", "left"}, {"last", 0}, {"follow", true}});
  std::int64_t expected = 0;
  for (int i = 0; i < 50; ++i) {
    const auto line = client.receive();
    ASSERT_TRUE(line);
    const auto number = std::stoll(text_of(*line, "text").substr(5));
    if (expected == 0) expected = number;
    EXPECT_EQ(expected++, number);
    EXPECT_EQ("left", text_of(*line, "block"));
  }
  expect_done({"stop"});
  while (client.receive()) {
    // What was said until the end.
  }
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(LogsTest, WhoReadsTooSlowlyLosesLinesIsToldHowManyAndHoldsUpNobody) {
  Process sut(
      host({circuit("circuit: flood\n"
                    "blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  talk: {type: test.chatter, params: {length: 4000}}\n"
                    "wires: [count.number -> talk.in]\n")}));
  wait_until_running();
  RawClient slow(folder());
  EXPECT_TRUE(slow.line());
  slow.send("{\"id\":7,\"op\":\"logs\",\"follow\":true,\"last\":0}\n");
  // More than host and socket hold for it.
  constexpr std::int64_t kMany = 3 * LiveLog::kMostLines;
  sut.wait_until([&] { return frames("talk") > kMany; }, "frames");
  std::int64_t next = 0;
  bool lost = false;
  while (!lost) {
    const auto text = slow.line();
    ASSERT_TRUE(text);
    const auto json = parse_json(*text);
    const auto& line = json.as_object();
    EXPECT_EQ(7, integer_of(line, "id"));
    if ((lost = line.contains("lost"))) {
      next += integer_of(line, "lost");
      break;
    }
    const auto number = std::stoll(text_of(line, "text").substr(5));
    if (next != 0) {
      EXPECT_EQ(next, number);
    }
    next = number + 1;
  }
  // The line after the gap is the one that the number of lost ones promises.
  const auto after = parse_json(slow.line().value_or(""));
  EXPECT_EQ(next, std::stoll(text_of(after.as_object(), "text").substr(5)));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait());
}

TEST_F(LogsTest, AFollowerThatLeavesMakesRoomForAnother) {
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter, rate: 10}\n"
                    "  sink: {type: core.null}\n"
                    "wires: [count.number -> sink.in]\n")}));
  wait_until_running();
  for (int i = 0; i < 40; ++i) {  // more than are served at once
    RawClient client(folder());
    ASSERT_TRUE(client.line()) << "number " << i;
    client.send("{\"op\":\"logs\",\"follow\":true}\n{\"op\":\"status\"}\n");
    while (!contains(client.line().value_or("\"ok\":"), "\"ok\":")) {
    }
  }
}

TEST_F(LogsTest, TheLogLevelOfOneBlockChangesAndStaysItsSuccessors) {
  Process sut(host({circuit(kTwo)}));
  wait_until_running();
  wait_for_frames(sut, 5);
  EXPECT_FALSE(contains(tool({"logs"}).output, "debug"));
  expect_done({"log-level", "left", "debug"});
  const auto last_of = [&](const char* block) { return tool({"logs", block, "-n", "4"}).output; };
  sut.wait_until([&] { return contains(last_of("left"), "[left] debug: debug "); },
                 "its debug lines");
  EXPECT_FALSE(contains(tool({"logs", "right"}).output, "debug"));
  for (const auto* next : {"restart", "swap"}) {
    expect_done({next, "left"});
    const auto from = frames("left");
    sut.wait_until([&] { return frames("left") > from + 5; }, "frames");
    EXPECT_TRUE(contains(last_of("left"), "[left] debug: debug ")) << "after " << next;
  }
  expect_done({"log-level", "left", "error"});
  const auto lines = tool({"logs", "left"}).output;
  const auto quiet_from = frames("left");
  sut.wait_until([&] { return frames("left") > quiet_from + 5; }, "frames");
  EXPECT_EQ(lines_of(lines).back(), lines_of(tool({"logs", "left"}).output).back());
  expect_refused({"log-level", "left", "loud"},
                 "no log level 'loud'; there are debug, info, warning, error");
}

}  // namespace vcengine::test
