#include "tools/new/param_spec.hpp"

#include <gtest/gtest.h>

#include "tests/tools/common/refusal_of.hpp"

namespace vcengine {
namespace {

std::string spec_of(const std::string& text) { return parse_param(text).spec(); }
std::string refused(const std::string& spec) {
  return refusal_of([&] { parse_param(spec); });
}

TEST(NewParamSpecTest, WritesEachKindAsCpp) {
  EXPECT_EQ(spec_of("low:int:0..1000=85"), "{.min = 0, .max = 1000, .init = 85}");
  EXPECT_EQ(spec_of("gain:float:-1..4=0.1"), "{.min = -1.0F, .max = 4.0F, .init = 0.1F}");
  EXPECT_EQ(spec_of("gain:double=1e300"), "{.init = 1e+300}");
  EXPECT_EQ(spec_of("loop:bool=true"), "{.init = true}");
  EXPECT_EQ(spec_of("mode:text:a|b=b"), "{.init = \"b\", .choices = {\"a\", \"b\"}}");
  EXPECT_EQ(spec_of("model:path=dir/m.onnx"), "{.init = \"dir/m.onnx\"}");
  EXPECT_EQ(spec_of("wait:duration:0s..10s=50ms"),
            "{.min = std::chrono::seconds{0}, .max = std::chrono::seconds{10}, .init = "
            "std::chrono::milliseconds{50}}");
}

TEST(NewParamSpecTest, BeginsAtNothingOrTheNearestThatIsAllowed) {
  EXPECT_EQ(spec_of("low:int"), "{.init = 0}");
  EXPECT_EQ(spec_of("low:int:5..9"), "{.min = 5, .max = 9, .init = 5}");
  EXPECT_EQ(spec_of("low:int:-9..-5"), "{.min = -9, .max = -5, .init = -5}");
  EXPECT_EQ(spec_of("mode:text:a|b"), "{.init = \"a\", .choices = {\"a\", \"b\"}}");
  EXPECT_EQ(spec_of("title:text"), "{.init = \"\"}");
}

TEST(NewParamSpecTest, TakesAWiderTypeWhereIntIsTooSmall) {
  EXPECT_EQ(parse_param("n:int=2147483647").cpp(), "int");
  EXPECT_EQ(parse_param("n:int=2147483648").cpp(), "std::int64_t");
  EXPECT_EQ(spec_of("n:int=-9223372036854775808"), "{.init = -9223372036854775807 - 1}");
}

TEST(NewParamSpecTest, TakesAnyTextAfterTheFirstEqualsSign) {
  EXPECT_EQ(spec_of("title:text=a=b: \"c\"|d\\"), R"({.init = "a=b: \"c\"|d\\"})");
  EXPECT_EQ(parse_param("title:text=${HOME}").init_in_circuit(), "\"$${HOME}\"");
  EXPECT_EQ(spec_of("title:text=what?\?!"), R"({.init = "what?\?!"})");
}

TEST(NewParamSpecTest, RefusesAnInitialValueThatIsNotAllowed) {
  EXPECT_EQ(refused("low:int:0..1000=2000"), "'low' must be in [0, 1000], not 2000");
  EXPECT_EQ(refused("mode:text:a|b=c"), "'mode' must be one of 'a', 'b', not 'c'");
  EXPECT_TRUE(has(refused("wait:duration=-1s"), "must be in [0s"));
}

TEST(NewParamSpecTest, RefusesLimitsThatMakeNoSense) {
  EXPECT_TRUE(has(refused("low:int:9..0"), "ends below its begin"));
  EXPECT_TRUE(has(refused("low:int:5"), "a range is min..max"));
  EXPECT_TRUE(has(refused("low:int:0..x"), "'x' is no whole number"));
  EXPECT_TRUE(has(refused("low:int:.."), "a range is min..max"));
  EXPECT_TRUE(has(refused("mode:text:a|a"), "twice"));
  EXPECT_TRUE(has(refused("mode:text:a||b"), "a|b|c"));
  EXPECT_TRUE(has(refused("loop:bool:0..1"), "takes no limits"));
}

TEST(NewParamSpecTest, RefusesWhatIsNoValueOfTheType) {
  EXPECT_TRUE(has(refused("low:int=1.5"), "no whole number"));
  EXPECT_TRUE(has(refused("low:int=99999999999999999999"), "no whole number of 64 bits"));
  EXPECT_TRUE(has(refused("gain:double=nan"), "is no number"));
  EXPECT_TRUE(has(refused("gain:float=1e300"), "is no float number"));
  EXPECT_TRUE(has(refused("loop:bool=yes"), "true or false"));
  EXPECT_TRUE(has(refused("wait:duration=5"), "write 50ms"));
  EXPECT_TRUE(has(refused("title:text=a\nb"), "one line"));
  EXPECT_TRUE(has(refused("title:text=\xff"), "no UTF-8"));
}

TEST(NewParamSpecTest, RefusesATypeThatThereIsNot) {
  EXPECT_TRUE(has(refused("low:itn=1"), "no parameter type 'itn'"));
  EXPECT_TRUE(has(refused("low:boool"), "did you mean 'bool'?"));
  EXPECT_TRUE(has(refused("low"), "name:type=value"));
  EXPECT_TRUE(has(refused("stop:int"), "every block has a function"));
}

TEST(NewParamSpecTest, KnowsAValueThatTestsCanSeeRefused) {
  EXPECT_EQ(parse_param("low:int:0..10").refused_value(), "std::int64_t{11}");
  EXPECT_EQ(parse_param("gain:double:0..1").refused_value(), "2.0");
  EXPECT_EQ(parse_param("mode:text:a|b").refused_value(), "std::string(\"none of these\")");
  EXPECT_EQ(parse_param("low:int").refused_value(), "");
}

}  // namespace
}  // namespace vcengine
