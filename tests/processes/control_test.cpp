/// The socket of a running circuit: who finds it, who may speak there, and what nonsense does.
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>

#include "engine/control/control_protocol.hpp"
#include "tests/processes/support/control.hpp"
#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

/// Goes on until it is stopped.
constexpr const char* kEndless =
    "blocks:\n"
    "  count: {type: core.counter}\n"
    "  sink: {type: core.null}\n"
    "wires: [count.number -> sink.in]\n";

mode_t mode_of(const fs::path& path) {
  struct stat state {};
  EXPECT_EQ(0, ::lstat(path.c_str(), &state)) << path;
  return state.st_mode & 07777U;
}

std::string error_in(const std::optional<std::string>& line) {
  if (!line) return "(closed)";
  return text_of(object_of(parse_json(*line), "answer"), "error");
}

}  // namespace

class ControlTest : public HostTest {
 protected:
  std::string endless(const std::string& name = "endless") const {
    return circuit(kEndless, name + ".yaml");
  }
  Result tool(std::vector<std::string> arguments) const { return run_host(std::move(arguments)); }

  void wait_until_running() const {
    auto client = client_of(folder());
    EXPECT_TRUE(eventually([&] {
      return text_of(client.ask({{"op", "status"}}), "state") == "running";
    }));
  }
  std::int64_t frames() const {
    return integer_of(client_of(folder()).ask({{"op", "status"}}), "frames");
  }
};

TEST_F(ControlTest, PsListsWhatRunsAndSaysWhenNothingDoes) {
  EXPECT_EQ("no circuit is running\n", tool({"ps"}).output);
  Process sut(host({endless()}));
  wait_until_running();

  const auto text = tool({"ps"});
  EXPECT_EQ(0, text.status) << text.errors;
  EXPECT_TRUE(contains(text.output, std::to_string(sut.pid()) + "  endless  running"));
  const auto json = tool({"ps", "--json"});
  const auto answer = parse_json(json.output);
  const auto& listed = array_of(object_of(answer, "answer"), "circuits");
  ASSERT_EQ(1U, listed.size()) << json.output;
  EXPECT_EQ(sut.pid(), integer_of(listed[0].as_object(), "pid"));
  EXPECT_EQ(2, integer_of(listed[0].as_object(), "blocks"));
  EXPECT_EQ((folder() / "endless.yaml").string(), text_of(listed[0].as_object(), "file"));
  sut.signal(SIGINT);
  EXPECT_EQ(130, sut.wait()) << sut.errors();
  EXPECT_EQ("{\"circuits\":[]}\n", tool({"ps", "--json"}).output);
}

TEST_F(ControlTest, StopEndsTheCircuitCleanlyAndItsSocketIsGone) {
  Process sut(host({endless()}));
  wait_until_running();
  const auto stopped = tool({"stop"});
  EXPECT_EQ(0, stopped.status) << stopped.errors;
  EXPECT_EQ(0, sut.wait()) << sut.errors();
  EXPECT_TRUE(contains(sut.errors(), "asked to stop, stopping"));
  EXPECT_TRUE(sockets_in(folder()).empty());
}

TEST_F(ControlTest, StopReturnsWhenTheCircuitHasEndedAndNotBefore) {
  const auto shut = folder() / "shut";
  Process sut(
      host({circuit("blocks:\n"
                    "  count: {type: core.counter}\n"
                    "  latch: {type: test.latch}\n"
                    "  sink: {type: core.null}\n"
                    "wires: [count.number -> latch.in, latch.out -> sink.in]\n")}));
  wait_until_running();
  std::ofstream(shut) << "\n";
  Process stop(host({"stop"}));
  sut.wait_for_errors("asked to stop, stopping");
  int looks = 0;
  stop.wait_until(
      [&] {
        frames();
        return ++looks == 20;
      },
      "twenty answers meanwhile");
  fs::remove(shut);
  EXPECT_EQ(0, stop.wait()) << stop.errors();
  EXPECT_TRUE(sockets_in(folder()).empty());
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(ControlTest, ACircuitThatEndsByItselfLeavesNoSocket) {
  EXPECT_EQ(0, run_host({endless(), "--frames", "10"}).status);
  EXPECT_TRUE(sockets_in(folder()).empty());
}

TEST_F(ControlTest, OfSeveralCircuitsOneIsMeantByNameOrNumber) {
  Process left(host({endless("left")}));
  Process right(host({endless("right")}));
  ASSERT_TRUE(eventually([&] { return sockets_in(folder()).size() == 2; }));
  const auto unclear = tool({"stop"});
  EXPECT_EQ(2, unclear.status);
  EXPECT_TRUE(contains(unclear.errors, "several circuits are running, say which with --circuit"));
  EXPECT_TRUE(contains(unclear.errors, "left (" + std::to_string(left.pid()) + ")"));
  const auto nobody = tool({"stop", "--circuit", "middle"});
  EXPECT_EQ(2, nobody.status);
  EXPECT_TRUE(contains(nobody.errors, "no circuit 'middle' is running; there is "));

  EXPECT_EQ(0, tool({"stop", "-c", "left"}).status);
  EXPECT_EQ(0, left.wait()) << left.errors();
  EXPECT_EQ(0, tool({"stop", "--circuit", std::to_string(right.pid())}).status);
  EXPECT_EQ(0, right.wait()) << right.errors();
}

TEST_F(ControlTest, SocketAndFolderAreTheUsersAlone) {
  Process sut(host({endless()}));
  wait_until_running();
  EXPECT_EQ(0600U, mode_of(sockets_in(folder()).at(0)));
  EXPECT_EQ(0700U, mode_of(folder() / "vcengine"));
}

TEST_F(ControlTest, AnotherUserIsTurnedAwayEvenWhereTheModesLetHimIn) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  constexpr uid_t kNobody = 65534;
  Process sut(host({endless()}));
  wait_until_running();
  ::chmod(folder().c_str(), 0755);
  ::chmod((folder() / "vcengine").c_str(), 0755);
  ::chmod(sockets_in(folder()).at(0).c_str(), 0666);
  RawClient ours(folder());
  EXPECT_TRUE(ours.line());
  ASSERT_EQ(0, ::seteuid(kNobody));
  std::optional<std::string> heard;
  try {
    const auto socket = sockets_in(folder());
    ADD_FAILURE() << "the folder of another user was taken for ours";
  } catch (const std::runtime_error&) {
    // As it should be; by hand then.
  }
  FileDescriptor theirs(::socket(AF_UNIX, SOCK_STREAM, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const auto path = (folder() / "vcengine" / ("endless-" + std::to_string(sut.pid()) + ".sock"));
  path.string().copy(address.sun_path, sizeof address.sun_path - 1);
  const auto connected =
      ::connect(theirs.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  ASSERT_EQ(0, ::seteuid(0));
  ASSERT_EQ(0, connected) << path;
  char byte = 0;
  EXPECT_EQ(0, ::recv(theirs.get(), &byte, 1, 0)) << "they were greeted";
}

TEST_F(ControlTest, TheSocketOfAKilledHostIsRemovedByWhoeverFindsIt) {
  Process sut(host({endless()}));
  wait_until_running();
  sut.signal(SIGKILL);
  EXPECT_EQ(137, sut.wait());
  EXPECT_EQ(1U, sockets_in(folder()).size());
  EXPECT_EQ("no circuit is running\n", tool({"ps"}).output);
  EXPECT_TRUE(sockets_in(folder()).empty());
}

TEST_F(ControlTest, NonsenseIsRefusedInWordsAndTheCircuitGoesOn) {
  Process sut(host({endless()}));
  wait_until_running();
  RawClient client(folder());
  const auto greeting = client.line();
  ASSERT_TRUE(greeting);
  EXPECT_EQ(kControlProtocol, integer_of(object_of(parse_json(*greeting), "greeting"), "protocol"));
  const auto error_of = [&](const std::string& request) {
    client.send(request + '\n');
    return error_in(client.line());
  };
  EXPECT_TRUE(contains(error_of("hello"), "no valid JSON"));
  EXPECT_TRUE(contains(error_of(""), "no valid JSON"));
  EXPECT_TRUE(contains(error_of("[]"), "'request' must be an object"));
  EXPECT_TRUE(contains(error_of("{}"), "'op' is missing"));
  EXPECT_TRUE(contains(error_of("{\"op\":7}"), "'op' must be text"));
  EXPECT_TRUE(contains(error_of("{\"op\":\"fly\"}"), "no op 'fly'; there are status, "));
  EXPECT_TRUE(contains(error_of("{\"id\":[1],\"op\":\"status\"}"), "'id' must be"));
  EXPECT_TRUE(contains(error_of(std::string(1000, '[')), "no valid JSON"));
  EXPECT_TRUE(contains(error_of(std::string("\0\xff\xfe", 3)), "no valid JSON"));
  client.send("{\"id\":\"mine\",\"op\":\"status\"}\n");
  const auto last = client.line();
  ASSERT_TRUE(last);
  EXPECT_TRUE(contains(*last, "{\"id\":\"mine\",\"ok\":true,\"circuit\":\"endless\""));
}

TEST_F(ControlTest, ARequestThatIsTooLongEndsItsConnectionAndNoOther) {
  Process sut(host({endless()}));
  wait_until_running();
  RawClient good(folder());
  RawClient bad(folder());
  EXPECT_TRUE(good.line());
  EXPECT_TRUE(bad.line());
  bad.send(std::string(kMaxRequestBytes + 1, ' '));
  EXPECT_TRUE(contains(error_in(bad.line()), "longer than 65536 bytes"));
  EXPECT_EQ(std::nullopt, bad.line());
  good.send(std::string(kMaxRequestBytes - 20, ' ') + "{\"op\":\"status\"}\n");
  EXPECT_TRUE(contains(good.line().value_or(""), "\"ok\":true"));
}

TEST_F(ControlTest, ARequestInPiecesAndTheLastOneBeforeTheEndAreAnswered) {
  Process sut(host({endless()}));
  wait_until_running();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  for (const char c : std::string("{\"op\":\"status\"}\n{\"op\":")) client.send({&c, 1});
  EXPECT_TRUE(contains(client.line().value_or(""), "\"ok\":true"));
  client.send("\"stats\"}\n");
  EXPECT_TRUE(contains(client.line().value_or(""), "\"stats\":{\"circuit\":\"endless\""));
}

TEST_F(ControlTest, WhoAsksAndNeverReadsHoldsUpNobody) {
  Process sut(host({endless()}));
  wait_until_running();
  RawClient deaf(folder());
  const std::string requests = [] {
    std::string many;
    for (int i = 0; i < 100; ++i) many += "{\"op\":\"stats\"}\n";
    return many;
  }();
  // Until neither the host nor its socket takes any more.
  std::size_t sent = 0;
  while (const auto some = deaf.send_some(requests)) sent += some;
  EXPECT_GT(sent, 0U);
  const auto before = frames();
  EXPECT_TRUE(eventually([&] { return frames() > before; }));
  EXPECT_EQ(0, tool({"stop"}).status);
  EXPECT_EQ(0, sut.wait()) << sut.errors();
}

TEST_F(ControlTest, WhoReadsLaterIsAnsweredLaterAndGetsAllAnswers) {
  constexpr int kRequests = 40;
  const auto request = "{\"id\":\"" + std::string(60000, 'x') + "\",\"op\":\"status\"}\n";
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += request;
  Process sut(host({endless()}));
  wait_until_running();
  RawClient late(folder());
  std::string_view rest = requests;
  for (int refused = 0; refused < 20;) {
    const auto sent = late.send_some(rest);
    rest.remove_prefix(sent);
    refused = sent == 0 ? refused + 1 : 0;
    frames();  // the host was there, and could have read some
  }
  EXPECT_FALSE(rest.empty()) << "it is asked nothing more as long as it reads nothing";
  EXPECT_TRUE(late.line()) << "the greeting";
  for (int i = 0; i < kRequests; ++i) {
    while (!rest.empty() && !late.heard_something()) rest.remove_prefix(late.send_some(rest));
    ASSERT_TRUE(contains(late.line().value_or(""), "\"ok\":true")) << i;
  }
}

TEST_F(ControlTest, AFloodOfRequestsIsAnsweredNoFasterThanIsSaid) {
  constexpr int kRequests = kRequestsAtOnce + kRequestsPerSecond / 2;
  Process sut(host({endless()}));
  wait_until_running();
  RawClient client(folder());
  EXPECT_TRUE(client.line());
  std::string requests;
  for (int i = 0; i < kRequests; ++i) requests += "{\"op\":\"status\"}\n";
  const auto from = std::chrono::steady_clock::now();
  EXPECT_TRUE(client.send(requests));
  for (int i = 0; i < kRequests; ++i) {
    ASSERT_TRUE(contains(client.line().value_or(""), "\"ok\":true")) << i;
  }
  EXPECT_LE(std::chrono::milliseconds(450), std::chrono::steady_clock::now() - from);
}

TEST_F(ControlTest, MoreClientsThanItServesWaitForOneToLeave) {
  Process sut(host({endless()}));
  wait_until_running();
  std::vector<RawClient> clients;
  for (std::size_t i = 0; i < kMaxControlClients; ++i) {
    clients.emplace_back(folder());
    EXPECT_TRUE(clients.back().line());
  }
  RawClient one_more(folder());
  clients[0].send("{\"op\":\"status\"}\n");
  EXPECT_TRUE(clients[0].line());
  EXPECT_FALSE(one_more.heard_something());
  clients.pop_back();
  EXPECT_TRUE(one_more.line());
}

TEST_F(ControlTest, WithoutAPlaceForASocketTheCircuitRunsAndSaysSo) {
  std::ofstream(folder() / "vcengine") << "no folder";
  const auto result = run_host({endless(), "--frames", "10"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "cannot be controlled while it runs: " +
                                          (folder() / "vcengine").string() + ": Not a directory"));
}

TEST_F(ControlTest, ALinkInThePlaceOfTheFolderIsNotFollowed) {
  fs::create_directory(folder() / "elsewhere");
  fs::create_symlink(folder() / "elsewhere", folder() / "vcengine");
  const auto result = run_host({endless(), "--frames", "10"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "cannot be controlled while it runs"));
}

TEST_F(ControlTest, AFolderThatOthersMayWriteToIsNotUsed) {
  fs::create_directory(folder() / "vcengine");
  ::chmod((folder() / "vcengine").c_str(), 0777);
  const auto result = run_host({endless(), "--frames", "10"});
  EXPECT_EQ(0, result.status) << result.errors;
  EXPECT_TRUE(contains(result.errors, "others may write to " + (folder() / "vcengine").string() +
                                          "; `chmod 700` it"));
}

}  // namespace vcengine::test
