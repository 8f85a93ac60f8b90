#include "tools/reference/example_circuit.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "tests/tools/reference/sample_block.hpp"

namespace vcengine {
namespace {

const PortInfo kPicture = port("image", PortRole::in, "image/bgr8");
const PortInfo kMask = port("mask", PortRole::in, "image/gray8");
const PortInfo kNumber = port("number", PortRole::in, "number");

PortInfo optional(PortInfo port) {
  port.optional = true;
  return port;
}
PortInfo latest(PortInfo port) {
  port.role = PortRole::latest;
  return port;
}

TEST(ExampleCircuitTest, WiresABlockBetweenASourceAndAScreen) {
  auto sut = block("my.edges", {kPicture, port("out", PortRole::out, "image/gray8")});
  sut.params = {setting("low", ParamKind::integer, std::int64_t{85})};
  EXPECT_EQ(example_circuit(sut).text,
            "circuit: edges\n"
            "blocks:\n"
            "  source: {type: io.test_pattern, params: {frames: 300}}\n"
            "  edges: {type: my.edges, params: {low: 85}}\n"
            "  view: {type: io.screen}\n"
            "wires:\n"
            "  - source.frames -> edges.image\n"
            "  - edges.out -> view.image\n");
}

TEST(ExampleCircuitTest, InputsThatAreMatchedShareOneSource) {
  const auto text = example_circuit(block("my.paint", {kPicture, kMask})).text;
  EXPECT_TRUE(has(text, "  - source.frames -> edges.image\n  - edges.edges -> paint.mask\n"))
      << text;
  EXPECT_TRUE(has(text, "  - source.frames -> paint.image\n")) << text;
}

TEST(ExampleCircuitTest, ASecondPictureIsNotTheFirstAgain) {
  const auto text =
      example_circuit(block("my.blend", {kPicture, port("over", PortRole::in, "image")})).text;
  EXPECT_TRUE(has(text, "  - edges.edges -> blend.over\n")) << text;
}

TEST(ExampleCircuitTest, OnlyWhatMustBeWiredIs) {
  EXPECT_FALSE(has(example_circuit(block("a.b", {kPicture, optional(kMask)})).text, "b.mask"));
  EXPECT_TRUE(
      has(example_circuit(block("a.b", {optional(kMask), optional(kPicture)})).text, "-> b.mask"))
      << "without any input, it would never run";
}

TEST(ExampleCircuitTest, ABlockThatOnlyReadsNewestValuesHasARate) {
  const auto text = example_circuit(block("a.b", {latest(kNumber)})).text;
  EXPECT_TRUE(has(text, "  b: {type: a.b, rate: 30}\n")) << text;
  EXPECT_FALSE(has(example_circuit(block("a.b", {kPicture, latest(kNumber)})).text, "rate: 30"));
  EXPECT_FALSE(has(example_circuit(block("a.b", {})).text, "rate: 30"));
}

TEST(ExampleCircuitTest, WhatNothingCanFeedIsNamedAndOnlyTheBlocksLineShown) {
  const auto record = example_circuit(block("a.b", {port("boxes", PortRole::in, "record/box")}));
  EXPECT_EQ(record.text, "blocks:\n  b: {type: a.b}\n");
  EXPECT_EQ(record.unfed, "`boxes`");
  EXPECT_EQ(example_circuit(block("a.b", {kPicture, kNumber})).unfed, "`number`")
      << "they share no source";
  EXPECT_EQ(example_circuit(block("a.b", {kPicture, latest(kNumber)})).unfed, "");
}

TEST(ExampleCircuitTest, ManySettingsStandOneALineAndAPathToBeNamedSaysSo) {
  auto sut = block("a.b", {});
  sut.params = {setting("path", ParamKind::path, std::string()),
                setting("far", ParamKind::real, std::numeric_limits<double>::infinity())};
  EXPECT_TRUE(has(example_circuit(sut).text,
                  "  b:\n    type: a.b\n    params:\n      path: \"\"  # name one here\n"));
  EXPECT_FALSE(has(example_circuit(sut).text, "far")) << "circuits have no word for infinity";

  sut.params.clear();
  for (int i = 0; i < 12; ++i) {
    sut.params.push_back(
        setting("setting_" + std::to_string(i), ParamKind::text, std::string("text")));
  }
  EXPECT_TRUE(has(example_circuit(sut).text, "\n      setting_11: \"text\"\n"));
}

TEST(ExampleCircuitTest, NoTwoBlocksHaveOneNameAndNoneIsAWordOfYaml) {
  EXPECT_TRUE(has(example_circuit(block("my.source", {kPicture})).text, "  source_2: {type: io."));
  EXPECT_TRUE(has(example_circuit(block("my.null", {kPicture})).text, "  null_block: {type: my."));
  const auto two = example_circuit(
      block("a.b", {port("x", PortRole::out, "number"), port("y", PortRole::out, "number")}));
  EXPECT_TRUE(has(two.text, "  - b.x -> print.in\n  - b.y -> print_2.in\n")) << two.text;
}

}  // namespace
}  // namespace vcengine
