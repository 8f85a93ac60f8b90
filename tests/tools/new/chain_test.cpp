#include "tools/new/chain.hpp"

#include <gtest/gtest.h>

#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

PortInfo port(const std::string& name, PortRole role, const std::string& type) {
  PortInfo info;
  info.name = name;
  info.role = role;
  info.type = type;
  return info;
}

BlockInfo block(const std::string& type, std::vector<PortInfo> ports) {
  BlockInfo info;
  info.type = type;
  info.ports = std::move(ports);
  return info;
}

const BlockInfo kVideo = block("io.video", {port("frames", PortRole::out, "image/bgr8")});
const BlockInfo kCounter = block("core.counter", {port("number", PortRole::out, "number")});
const BlockInfo kEdges = block("vision.edges", {port("image", PortRole::in, "image/bgr8"),
                                                port("edges", PortRole::out, "image/gray8")});
const BlockInfo kOverlay = block("vision.overlay", {port("base", PortRole::in, "image/bgr8"),
                                                    port("mask", PortRole::in, "image/gray8"),
                                                    port("result", PortRole::out, "image/bgr8")});
const BlockInfo kScreen = block("io.screen", {port("image", PortRole::in, "image")});
const BlockInfo kNull = block("core.null", {port("in", PortRole::in, "any")});

std::string wires(const Chain& chain) {
  std::string text;
  for (const auto& wire : chain.wires) {
    text += chain.blocks[wire.from_block].name + "." + wire.from_port + ">" +
            chain.blocks[wire.to_block].name + "." + wire.to_port + " ";
  }
  return text;
}

std::string refused(const std::vector<BlockInfo>& types) {
  return refusal_of([&] { make_chain(types); });
}

TEST(NewChainTest, WiresEachBlockToTheOneBefore) {
  EXPECT_EQ(wires(make_chain({kVideo, kEdges, kScreen})),
            "video.frames>edges.image edges.edges>screen.image ");
}

TEST(NewChainTest, TakesFurtherInputsFromBlocksFurtherUp) {
  EXPECT_EQ(wires(make_chain({kVideo, kEdges, kOverlay, kScreen})),
            "video.frames>edges.image edges.edges>overlay.mask video.frames>overlay.base "
            "overlay.result>screen.image ");
}

TEST(NewChainTest, PrefersTheSameTypeToOneThatMerelyFits) {
  const auto chooser = block("my.chooser", {port("any", PortRole::in, "any"),
                                            port("picture", PortRole::in, "image/bgr8")});
  EXPECT_EQ(wires(make_chain({kVideo, chooser})),
            "video.frames>chooser.picture video.frames>chooser.any ");
}

TEST(NewChainTest, GivesEachBlockANameOfItsOwn) {
  const auto add =
      block("my.add", {port("in", PortRole::in, "number"), port("out", PortRole::out, "number")});
  const auto chain = make_chain({kCounter, add, add, kNull});
  EXPECT_EQ(chain.blocks[1].name, "add");
  EXPECT_EQ(chain.blocks[2].name, "add_2");
  EXPECT_EQ(chain.blocks[3].name, "null_block");
}

TEST(NewChainTest, RefusesTypesThatDoNotFitAndShowsThePortsOfBoth) {
  const auto text = refused({kCounter, kScreen});
  EXPECT_TRUE(has(text, "no output of core.counter fits an input of io.screen")) << text;
  EXPECT_TRUE(has(text, "core.counter sends number: number")) << text;
  EXPECT_TRUE(has(text, "io.screen takes image: image")) << text;
}

TEST(NewChainTest, RefusesAnInputThatNobodyFeeds) {
  EXPECT_TRUE(
      has(refused({kVideo, kOverlay}), "input mask of vision.overlay (image/gray8) must be wired"));
}

TEST(NewChainTest, RefusesBlocksInTheWrongPlace) {
  EXPECT_TRUE(has(refused({kEdges, kScreen}), "a source comes before it"));
  EXPECT_TRUE(has(refused({kVideo, kScreen, kNull}), "io.screen has no outputs"));
  EXPECT_TRUE(has(refused({kVideo, kCounter}), "core.counter has no inputs"));
}

TEST(NewChainTest, ACommentOfASettingStaysOnItsLine) {
  auto odd = kVideo;
  ParamInfo param;
  param.name = "path";
  param.kind = ParamKind::path;
  param.init = std::string("${HOME}");
  param.doc = "two\nlines";
  odd.params.push_back(param);
  const auto text = chain_circuit("street", make_chain({odd}));
  EXPECT_TRUE(has(text, "      path: \"$${HOME}\"  # two lines\n")) << text;
}

}  // namespace
}  // namespace vcengine
