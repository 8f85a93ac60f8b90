#include "tools/new/port_spec.hpp"

#include <gtest/gtest.h>

#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

std::string refused_input(const std::string& spec) {
  return refusal_of([&] { parse_input(spec); });
}
std::string refused_output(const std::string& spec) {
  return refusal_of([&] { parse_output(spec); });
}

TEST(NewPortSpecTest, ReadsNameAndTypeInAnyCase) {
  for (const std::string spec : {"image:Bgr8", "image:bgr8", "image:BGR8"}) {
    const auto port = parse_input(spec);
    EXPECT_EQ(port.name, "image");
    EXPECT_EQ(port.type.cpp(), "vcengine::Bgr8");
    EXPECT_EQ(port.mode, InputMode::trigger);
  }
}

TEST(NewPortSpecTest, ReadsHowAnInputIsRead) {
  EXPECT_EQ(parse_input("limit:Number:latest").mode, InputMode::latest);
  EXPECT_EQ(parse_input("mask:Gray8:optional").mode, InputMode::optional);
  EXPECT_EQ(parse_input("images:Image:Many").mode, InputMode::many);
}

TEST(NewPortSpecTest, ReadsArraysInCppAndInShort) {
  const auto cpp = "vcengine::Array<std::uint8_t>";
  for (const std::string type :
       {"Array<u8>", "array<U8>", "Array<uint8_t>", "Array<std::uint8_t>"}) {
    EXPECT_EQ(parse_input("a:" + type).type.cpp(), cpp) << type;
  }
  EXPECT_EQ(parse_input("a:Array<float>").type, parse_input("a:Array<f32>").type);
  EXPECT_EQ(parse_input("a:Array<int>").type.written(), "Array<i32>");
  EXPECT_EQ(parse_input("a:Array<std::int64_t>:latest").mode, InputMode::latest);
}

TEST(NewPortSpecTest, ReadsAnOutputThatSendsOnAnInput) {
  const auto port = parse_output("out:SameAs:image");
  EXPECT_EQ(port.type.kind, PortKind::same_as);
  EXPECT_EQ(port.same_as, "image");
}

TEST(NewPortSpecTest, RefusesATypeThatThereIsNotAndNamesTheNearest) {
  const auto text = refused_input("image:Brg8");
  EXPECT_TRUE(has(text, "no port type 'Brg8'; did you mean 'Bgr8'?")) << text;
  EXPECT_TRUE(has(text, "Bgr8, Gray8, Image, Number, Text, Bytes, Any, Array<")) << text;
  EXPECT_TRUE(has(refused_input("a:Matrix"), "no port type 'Matrix';"));
  EXPECT_TRUE(has(refused_input("a:Array<bool>"), "an array holds i8, u8"));
  EXPECT_TRUE(has(refused_input("a:Array"), "'Array<f32>' (quoted, for the shell)"));
}

TEST(NewPortSpecTest, RefusesWhatIsNoSpec) {
  for (const std::string spec :
       {"", "image", "image:", ":Bgr8", "image:Bgr8:", "a:Bgr8:latest:x"}) {
    EXPECT_NE(refused_input(spec), "") << spec;
    EXPECT_NE(refused_output(spec), "") << spec;
  }
  EXPECT_TRUE(has(refused_input("a:Bgr8:latst"), "did you mean 'latest'?"));
  EXPECT_NE(refused_output("edges:Gray8:latest"), "");
}

TEST(NewPortSpecTest, RefusesAnOutputOfAnyType) {
  EXPECT_TRUE(has(refused_output("out:Any"), "out:SameAs:INPUT"));
}

}  // namespace
}  // namespace vcengine
