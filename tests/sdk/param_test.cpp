/// What a block author may write with a setting; most of it is a test by compiling with both
/// compilers.
#include "vcengine/param.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <type_traits>

#include "vcengine/block.hpp"

namespace vcengine {
namespace {

using std::chrono_literals::operator""ms;
using std::chrono_literals::operator""s;

struct Settings final : Block {
  Param<int> low{this, "low", {.min = 0, .max = 10, .init = 3}, "A number"};
  Param<int> high{this, "high", {.min = 0, .max = 10, .init = 7}, "Another"};
  Param<unsigned> count{this, "count", {.max = 9, .init = 4}, "How many"};
  Param<std::int64_t> big{this, "big", {.init = std::int64_t{1} << 40}, "A large one"};
  Param<std::uint8_t> level{this, "level", {.init = 200}, "A byte"};
  Param<double> gain{this, "gain", {.min = 0.0, .init = 1.5}, "A factor"};
  Param<float> alpha{this, "alpha", {.min = 0.0F, .max = 1.0F, .init = 0.5F}, "Opacity"};
  Param<bool> loop{this, "loop", {.init = true}, "Again and again"};
  Param<std::string> text{this, "text", {.init = "x"}, "Any text"};
  Param<std::string> mode{this, "mode", {.init = "fast", .choices = {"fast", "exact"}}, "How"};
  Param<Path> path{this, "path", {.init = "a/b.avi"}, "A file"};
  Param<std::chrono::nanoseconds> wait{this, "wait", {.max = 5s, .init = 50ms}, "A while"};
  void process() override {}
};

int twice(int value) { return 2 * value; }
std::string shout(const std::string& text) { return text + "!"; }

TEST(ParamTest, ANumberIsUsedAsANumber) {
  Settings sut;
  EXPECT_EQ(sut.low + 1, 4);
  EXPECT_EQ(sut.low * sut.high, 21);
  EXPECT_EQ(-sut.low, -3);
  EXPECT_EQ(sut.gain * 2, 3.0);
  EXPECT_EQ(sut.alpha / 2, 0.25F);
  EXPECT_EQ(std::max(sut.low.get(), 5), 5);
  EXPECT_EQ(std::clamp<int>(9, sut.low, sut.high), 7);
  EXPECT_EQ(twice(sut.low), 6);
  const int copy = sut.low;
  EXPECT_EQ(copy, 3);
  const auto wide = static_cast<double>(sut.big);
  EXPECT_EQ(wide, 1099511627776.0);
  switch (sut.low) {
    case 3:
      break;
    default:
      ADD_FAILURE();
  }
  const int table[] = {0, 1, 2, 30};
  EXPECT_EQ(table[sut.low], 30);
}

TEST(ParamTest, NumbersCompareWithNumbersOfAnyKind) {
  Settings sut;
  EXPECT_TRUE(sut.low == 3);
  EXPECT_TRUE(3 == sut.low);
  EXPECT_TRUE(sut.low != 4);
  EXPECT_TRUE(sut.low == 3U);
  EXPECT_TRUE(sut.low == 3L);
  EXPECT_TRUE(sut.low == 3.0);
  EXPECT_TRUE(sut.count == 4);
  EXPECT_TRUE(4 == sut.count);
  EXPECT_FALSE(sut.count == -1);
  EXPECT_TRUE(sut.level == 200);
  EXPECT_TRUE(sut.gain == 1.5);
  EXPECT_TRUE(sut.low < 4 && sut.low <= 3 && sut.low > 2 && 4 > sut.low);
  EXPECT_TRUE(sut.gain < 2 && sut.gain > 1);
  EXPECT_TRUE(sut.low < sut.high);
  EXPECT_TRUE(sut.low != sut.high);
  EXPECT_FALSE(sut.low == sut.high);
}

TEST(ParamTest, ABoolIsAsked) {
  Settings sut;
  EXPECT_TRUE(sut.loop ? true : false);
  EXPECT_FALSE(!sut.loop);
  EXPECT_TRUE(sut.loop && sut.low == 3);
  EXPECT_TRUE(sut.loop == true);
}

TEST(ParamTest, TextComparesWithText) {
  Settings sut;
  const std::string same = "x";
  EXPECT_TRUE(sut.text == "x");
  EXPECT_TRUE("x" == sut.text);
  EXPECT_TRUE(sut.text == same);
  EXPECT_TRUE(same == sut.text);
  EXPECT_TRUE(sut.text == std::string_view("x"));
  EXPECT_TRUE(sut.text != "y");
  EXPECT_TRUE(sut.text != sut.mode);
  EXPECT_FALSE(sut.text == sut.mode);
  EXPECT_EQ(sut.text->size(), 1U);
  EXPECT_EQ(shout(sut.text), "x!");
  EXPECT_EQ(sut.text.get() + "y", "xy");
}

TEST(ParamTest, APathAndADurationAreUsedAsSuch) {
  Settings sut;
  EXPECT_EQ(sut.path->extension(), ".avi");
  EXPECT_TRUE(sut.path == Path("a/b.avi"));
  EXPECT_TRUE(sut.path == "a/b.avi");
  EXPECT_EQ(sut.path.get().string(), "a/b.avi");
  EXPECT_TRUE(sut.wait == 50ms);
  EXPECT_TRUE(50ms == sut.wait);
  EXPECT_EQ(sut.wait.get() + 50ms, 100ms);
  EXPECT_EQ(sut.wait->count(), 50'000'000);
  const std::chrono::nanoseconds copy = sut.wait;
  EXPECT_EQ(copy, 50ms);
}

TEST(ParamTest, DescribesItself) {
  Settings sut;
  EXPECT_EQ(sut.low.info().min, ParamValue{std::int64_t{0}});
  EXPECT_EQ(sut.low.info().init, ParamValue{std::int64_t{3}});
  EXPECT_EQ(sut.gain.info().max, std::nullopt) << "a real without a limit has none";
  EXPECT_EQ(sut.mode.info().choices.size(), 2U);
  EXPECT_EQ(sut.wait.info().kind, ParamKind::duration);
}

TEST(ParamTest, IsSetWithinItsLimitsOnly) {
  Settings sut;
  sut.low.set(std::int64_t{10});
  EXPECT_TRUE(sut.low == 10);
  EXPECT_THROW(sut.low.set(std::int64_t{11}), ParamError);
  EXPECT_THROW(sut.low.set(std::string("3")), ParamError);
  EXPECT_THROW(sut.level.set(std::int64_t{256}), ParamError);
  EXPECT_TRUE(sut.low == 10) << "a refused value changes nothing";
  sut.wait.set(std::string("2s"));
  EXPECT_TRUE(sut.wait == 2s);
  sut.gain.set(std::int64_t{2});
  EXPECT_TRUE(sut.gain == 2.0);
  EXPECT_THROW(sut.mode.set(std::string("slow")), ParamError);
}

static_assert(!std::is_copy_constructible_v<Param<int>>, "a setting belongs to its block");
static_assert(std::is_convertible_v<const Param<int>&, int>);

TEST(ParamTest, EachGivesItsValueAsItIsSet) {
  Settings sut;
  const auto value_after = [](ParamBase& param, const ParamValue& value) {
    param.set(value);
    return param.value();
  };
  EXPECT_EQ(value_after(sut.low, std::int64_t{5}), ParamValue(std::int64_t{5}));
  EXPECT_EQ(value_after(sut.level, std::int64_t{255}), ParamValue(std::int64_t{255}));
  EXPECT_EQ(value_after(sut.gain, 0.25), ParamValue(0.25));
  EXPECT_EQ(value_after(sut.loop, false), ParamValue(false));
  EXPECT_EQ(value_after(sut.text, std::string("y")), ParamValue(std::string("y")));
  EXPECT_EQ(value_after(sut.path, std::string("c.avi")), ParamValue(std::string("c.avi")));
  EXPECT_EQ(value_after(sut.wait, std::int64_t{7}), ParamValue(std::int64_t{7}));
}

}  // namespace
}  // namespace vcengine
