#include "tools/common/names.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "engine/control/nearest_word.hpp"
#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

std::string refused_block(const std::string& name) {
  return refusal_of([&] { require_block_name(name); });
}
std::string refused_member(const std::string& name) {
  return refusal_of([&] { require_member_name(name, "input name"); });
}

TEST(NewNamesTest, TakesPlainWords) {
  for (const std::string name : {"a", "edge_finder", "yolo8", "edge_2d", "block", "image"}) {
    EXPECT_EQ(refused_block(name), "");
    EXPECT_EQ(refused_member(name), "");
  }
}

TEST(NewNamesTest, RefusesWhatIsNoWordAndShowsOneThatIs) {
  EXPECT_TRUE(has(refused_block("EdgeFinder"), ": edge_finder"));
  EXPECT_TRUE(has(refused_block("edge-finder"), ": edge_finder"));
  EXPECT_TRUE(has(refused_block("2d edges"), ": d_edges"));
  EXPECT_TRUE(has(refused_block("größe"), "is no block name"));
  for (const std::string name : {"", "_", "a__b", "a_", "../up", "a/b", "a b", "a;b", "$(x)"}) {
    EXPECT_NE(refused_block(name), "") << name;
    EXPECT_NE(refused_member(name), "") << name;
  }
}

TEST(NewNamesTest, RefusesWhatTheHostHasNoRoomFor) {
  EXPECT_EQ(refused_block(std::string(48, 'a')), "");
  EXPECT_TRUE(has(refused_block(std::string(49, 'a')), "48 at most"));
}

TEST(NewNamesTest, RefusesWordsOfCpp) {
  for (const std::string name :
       {"class", "new", "xor", "final", "co_await", "errno", "linux", "std"}) {
    EXPECT_TRUE(
        has(refused_block(name), "C++ has a meaning for it; choose another: " + name + "_1"));
    EXPECT_TRUE(has(refused_member(name), "C++ has a meaning for it"));
  }
}

TEST(NewNamesTest, RefusesMembersThatEveryBlockHas) {
  for (const std::string name : {"process", "start", "stop", "stamp", "idle", "declare", "drain",
                                 "finish", "pace", "sleep_for", "stop_circuit", "stopping"}) {
    EXPECT_TRUE(has(refused_member(name), "every block has a function of that name")) << name;
    EXPECT_EQ(refused_block(name), "") << name;
  }
}

TEST(NewNamesTest, KnowsEveryFunctionOfABlock) {
  std::ifstream header(VCENGINE_SOURCE_DIR "/sdk/include/vcengine/block.hpp");
  const std::string all{std::istreambuf_iterator<char>(header), {}};
  const auto begin = all.find("\nclass Block {");
  const auto text = all.substr(begin, all.find("\n private:", begin) - begin);
  const std::regex function("\n  [^/\n]*[ ]([a-z_]+)\\([^\n]*[;{}]");
  int functions = 0;
  for (std::sregex_iterator match(text.begin(), text.end(), function), end; match != end; ++match) {
    EXPECT_NE(refused_member(match->str(1)), "") << match->str(1);
    ++functions;
  }
  EXPECT_GE(functions, 15);
}

TEST(NewNamesTest, RefusesTargetsOfCMake) {
  for (const std::string name : {"test", "all", "install", "opencv_core"}) {
    EXPECT_TRUE(has(refused_block(name), "CMake needs it")) << name;
  }
}

TEST(NewNamesTest, MakesClassNamesThatAreNoMacros) {
  EXPECT_EQ(class_name("edge_finder"), "EdgeFinder");
  EXPECT_EQ(class_name("edge_2d"), "Edge2d");
  EXPECT_EQ(class_name("e_o_f"), "EOFBlock");
}

TEST(NewNamesTest, NumbersNamesThatAreTaken) {
  std::set<std::string> taken{"view", "view_2"};
  EXPECT_EQ(unique_name("view", taken), "view_3");
  EXPECT_EQ(unique_name("view", taken), "view_4");
}

TEST(NewNamesTest, KeepsWordsOfYamlOutOfCircuits) {
  std::set<std::string> taken;
  EXPECT_EQ(circuit_block_name("null", taken), "null_block");
  EXPECT_EQ(circuit_block_name("counter", taken), "counter");
  EXPECT_EQ(circuit_block_name("counter", taken), "counter_2");
}

TEST(NewNamesTest, FindsTheNearestWordButNoFarOne) {
  EXPECT_EQ(did_you_mean("numbr", {"text", "number"}), "; did you mean 'number'?");
  EXPECT_EQ(did_you_mean("xyzzy", {"text", "number"}), "");
}

}  // namespace
}  // namespace vcengine
