#include "tools/reference/block_picture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <set>
#include <sstream>
#include <vector>

#include "tests/tools/reference/sample_block.hpp"
#include "tools/reference/plain_text.hpp"

namespace vcengine {
namespace {

namespace pt = boost::property_tree;

/// What is drawn, read back.
struct Drawing {
  explicit Drawing(const BlockInfo& block) {
    std::istringstream in(block_picture(block));
    pt::ptree file;
    pt::read_xml(in, file);  // throws if it is no XML
    svg = file.get_child("svg");
    for (const auto& [name, part] : svg) {
      if (name == "text") texts.push_back(part);
    }
  }
  double number(const std::string& attribute) const {
    return svg.get<double>("<xmlattr>." + attribute);
  }
  bool shows(const std::string& text) const {
    return std::ranges::any_of(texts, [&](const pt::ptree& part) { return part.data() == text; });
  }
  pt::ptree svg;
  std::vector<pt::ptree> texts;
};

/// Every text lies within the box, and the box within the picture, as wide as monospaced letters
/// are at most.
void expect_all_inside(const Drawing& drawing) {
  const auto box = drawing.svg.get_child("rect.<xmlattr>");
  const auto left = box.get<double>("x");
  const auto right = left + box.get<double>("width");
  EXPECT_LT(right, drawing.number("width"));
  EXPECT_LT(box.get<double>("y") + box.get<double>("height"), drawing.number("height"));
  for (const auto& text : drawing.texts) {
    const auto width =
        0.61 * text.get<double>("<xmlattr>.font-size") * static_cast<double>(columns(text.data()));
    const auto x = text.get<double>("<xmlattr>.x");
    const auto anchor = text.get<std::string>("<xmlattr>.text-anchor");
    const auto begin = anchor == "start" ? x : anchor == "end" ? x - width : x - width / 2;
    EXPECT_GT(begin, left) << text.data();
    EXPECT_LT(begin + width, right) << text.data();
    EXPECT_LT(text.get<double>("<xmlattr>.y"), box.get<double>("y") + box.get<double>("height"));
  }
}

TEST(BlockPictureTest, ShowsTheTypeAndItsPortsWithTheirTypes) {
  const Drawing sut(block("vision.edges", {port("image", PortRole::in, "image/bgr8"),
                                           port("edges", PortRole::out, "image/gray8")}));
  for (const auto* text : {"vision.edges", "image", "image/bgr8", "edges", "image/gray8"}) {
    EXPECT_TRUE(sut.shows(text)) << text;
  }
  expect_all_inside(sut);
}

TEST(BlockPictureTest, InputsAreOnTheLeftAndOutputsOnTheRight) {
  const Drawing sut(
      block("a.b", {port("out", PortRole::out, "text"), port("in", PortRole::in, "number")}));
  for (const auto& text : sut.texts) {
    if (text.data() != "in" && text.data() != "out") continue;
    EXPECT_EQ(text.get<std::string>("<xmlattr>.text-anchor"),
              text.data() == "in" ? "start" : "end");
  }
}

TEST(BlockPictureTest, ABlockWithoutPortsIsABoxWithItsName) {
  const Drawing sut(block("a.b", {}));
  EXPECT_EQ(sut.texts.size(), 1U);
  EXPECT_EQ(sut.svg.count("path"), 0U);
  expect_all_inside(sut);
}

TEST(BlockPictureTest, TwelvePortsHaveEachARowOfTheirOwn) {
  std::vector<PortInfo> ports;
  ports.reserve(12);
  for (int i = 0; i < 12; ++i) {
    ports.push_back(port("in_" + std::to_string(i), PortRole::in, "number"));
  }
  const Drawing sut(block("a.sum", ports));
  EXPECT_EQ(sut.texts.size(), 25U);
  std::set<std::string> rows;
  for (const auto& text : sut.texts) rows.insert(text.get<std::string>("<xmlattr>.y"));
  EXPECT_EQ(rows.size(), 25U);
  expect_all_inside(sut);
}

TEST(BlockPictureTest, TheBoxIsAsWideAsItsLongestNames) {
  const auto long_name = std::string(120, 'w');
  expect_all_inside(Drawing(block("a." + long_name, {port("in", PortRole::in, "number")})));
  expect_all_inside(Drawing(block(
      "a.b", {port(long_name, PortRole::in, "number"), port(long_name, PortRole::out, "number")})));
  expect_all_inside(Drawing(block("a.b", {port("in", PortRole::in, "record/" + long_name),
                                          port("out", PortRole::out, "record/" + long_name)})));
}

TEST(BlockPictureTest, MarksWhatIsSpecialAboutAPort) {
  auto newest = port("newest", PortRole::latest, "number");
  auto some = port("some", PortRole::in, "image");
  some.optional = some.many = true;
  auto late = port("late", PortRole::out, "text");
  late.delayed = 2;
  const auto special = block("a.b", {newest, some, late});
  const Drawing sut(special);
  EXPECT_TRUE(sut.shows("number, latest"));
  EXPECT_TRUE(sut.shows("image, optional, many"));
  EXPECT_TRUE(sut.shows("text, delayed"));
  EXPECT_EQ(sut.svg.count("circle"), 1U) << "the newest value";
  EXPECT_TRUE(has(block_picture(special), "stroke-dasharray")) << "the delayed wire";
  expect_all_inside(sut);
}

TEST(BlockPictureTest, HostileNamesBreakNothing) {
  const Drawing sut(block("a.<b>&\"", {port("</text>\n\x01\xFF", PortRole::in, "a & b")}));
  EXPECT_TRUE(sut.shows("</text>  ?"));
  EXPECT_TRUE(sut.shows("a & b"));
}

TEST(BlockPictureTest, HasABackgroundOfItsOwnForLightAndDarkPages) {
  const auto svg = block_picture(block("a.b", {port("in", PortRole::in, "number")}));
  EXPECT_LT(svg.find("<rect"), svg.find("<text"));
  EXPECT_TRUE(has(svg, "fill=\"#f6f8fa\""));
}

TEST(BlockPictureTest, InWordsNamesAllPorts) {
  EXPECT_EQ(picture_in_words(
                block("a.b", {port("x", PortRole::in, "any"), port("y", PortRole::latest, "any"),
                              port("z", PortRole::out, "any")})),
            "a.b takes x and y, sends z");
  EXPECT_EQ(picture_in_words(block("a.b", {port("z", PortRole::out, "any")})), "a.b sends z");
  EXPECT_EQ(picture_in_words(block("a.b", {})), "a.b");
}

}  // namespace
}  // namespace vcengine
