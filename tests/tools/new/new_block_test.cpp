#include "tools/new/new_block.hpp"

#include <gtest/gtest.h>

#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

std::string refused(const BlockWords& words) {
  return refusal_of([&] { make_block(words); });
}

BlockWords words(std::vector<std::string> inputs, std::vector<std::string> outputs,
                 std::vector<std::string> params = {}) {
  return {"finder", "", "", std::move(inputs), std::move(outputs), std::move(params)};
}

TEST(NewBlockTest, HasAFamilyOfItsOwnOrTheOneThatIsNamed) {
  EXPECT_EQ(make_block({.name = "finder"}).type(), "my.finder");
  EXPECT_EQ(make_block({.name = "vision.finder"}).type(), "vision.finder");
  EXPECT_EQ(make_block({.name = "finder", .family = "vision"}).type(), "vision.finder");
  EXPECT_TRUE(has(refused({.name = "io.finder", .family = "vision"}), "say it once"));
}

TEST(NewBlockTest, WithoutPortsHasAPictureInAndOneOut) {
  const auto block = make_block({.name = "finder"});
  ASSERT_EQ(block.inputs.size(), 1U);
  ASSERT_EQ(block.outputs.size(), 1U);
  ASSERT_EQ(block.params.size(), 1U);
  EXPECT_EQ(block.inputs[0].type.written(), "Bgr8");
  EXPECT_EQ(block.outputs[0].type.written(), "Bgr8");
}

TEST(NewBlockTest, RefusesTheSameNameTwice) {
  EXPECT_TRUE(has(refused(words({"a:Bgr8", "a:Gray8"}, {})), "--in a: there is --in 'a' already"));
  EXPECT_TRUE(has(refused(words({"a:Bgr8"}, {"a:Gray8"})), "--out a: there is --in 'a' already"));
  EXPECT_TRUE(
      has(refused(words({}, {"a:Gray8"}, {"a:int"})), "--param a: there is --out 'a' already"));
  EXPECT_TRUE(has(refused(words({}, {}, {"image:int"})), "--param image: there is --in"));
}

TEST(NewBlockTest, NamesTheWordAtFaultAndAnExample) {
  const auto text = refused(words({"image:Bgr9"}, {}));
  EXPECT_TRUE(has(text, "--in image:Bgr9: ")) << text;
  EXPECT_TRUE(has(text, "for example --in image:Bgr8")) << text;
}

TEST(NewBlockTest, RefusesToSendOnAnInputThatIsNotThere) {
  EXPECT_TRUE(
      has(refused(words({"a:Bgr8"}, {"b:SameAs:c"})), "there is no input 'c'; name one of: a"));
  EXPECT_TRUE(has(refused(words({"a:Bgr8:many"}, {"b:SameAs:a"})), "'a' is many inputs"));
  EXPECT_EQ(refused(words({"a:Bgr8"}, {"b:SameAs:a"})), "");
}

TEST(NewBlockTest, RefusesADocThatWouldBreakTheFilesItStandsIn) {
  EXPECT_TRUE(has(refused({.name = "finder", .doc = "a\nb"}), "--doc is one line"));
}

}  // namespace
}  // namespace vcengine
