#include "vcengine/description.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "vcengine/errors.hpp"

namespace vcengine {
namespace {

ParamInfo param(ParamKind kind, std::optional<ParamValue> min = {},
                std::optional<ParamValue> max = {}) {
  ParamInfo info;
  info.name = "low";
  info.kind = kind;
  info.min = std::move(min);
  info.max = std::move(max);
  return info;
}

std::string refusal_of(const ParamInfo& info, const ParamValue& value) {
  try {
    checked(info, value);
  } catch (const ParamError& error) {
    return error.what();
  }
  return "accepted";
}

ParamValue integer(std::int64_t value) { return {value}; }
ParamValue text(std::string value) { return {std::move(value)}; }

TEST(DescriptionTest, RefusesAnIntegerOutOfRangeWithTheRangeAndTheReason) {
  auto sut = param(ParamKind::integer, integer(0), integer(1000));
  sut.doc = "Gradients below this are never edges";

  EXPECT_EQ(refusal_of(sut, integer(5000)),
            "'low' must be in [0, 1000], not 5000 (Gradients below this are never edges)");
  EXPECT_EQ(refusal_of(sut, integer(-1)),
            "'low' must be in [0, 1000], not -1 (Gradients below this are never edges)");
  EXPECT_EQ(refusal_of(sut, integer(0)), "accepted");
  EXPECT_EQ(refusal_of(sut, integer(1000)), "accepted");
}

TEST(DescriptionTest, ALimitThatIsOnlyTheCppTypesIsNotShown) {
  const auto from_one =
      param(ParamKind::integer, integer(1), integer(std::numeric_limits<int>::max()));
  EXPECT_EQ(refusal_of(from_one, integer(0)), "'low' must be at least 1, not 0");

  const auto up_to_one =
      param(ParamKind::integer, integer(std::numeric_limits<int>::min()), integer(1));
  EXPECT_EQ(refusal_of(up_to_one, integer(2)), "'low' must be at most 1, not 2");

  EXPECT_EQ(refusal_of(param(ParamKind::real, 0.5), 0.25), "'low' must be at least 0.5, not 0.25");
}

TEST(DescriptionTest, RefusesTheWrongType) {
  EXPECT_EQ(refusal_of(param(ParamKind::integer), text("5")), "'low' must be an integer, not '5'");
  EXPECT_EQ(refusal_of(param(ParamKind::integer), 5.5), "'low' must be an integer, not 5.5");
  EXPECT_EQ(refusal_of(param(ParamKind::integer), true), "'low' must be an integer, not true");
  EXPECT_EQ(refusal_of(param(ParamKind::real), text("x")), "'low' must be a number, not 'x'");
  EXPECT_EQ(refusal_of(param(ParamKind::boolean), text("yes")),
            "'low' must be true or false, not 'yes'");
  EXPECT_EQ(refusal_of(param(ParamKind::boolean), integer(1)),
            "'low' must be true or false, not 1");
  EXPECT_EQ(refusal_of(param(ParamKind::text), integer(1)), "'low' must be text, not 1");
  EXPECT_EQ(refusal_of(param(ParamKind::path), false), "'low' must be a path, not false");
}

TEST(DescriptionTest, ARealTakesAnIntegerButNothingEndless) {
  EXPECT_EQ(checked(param(ParamKind::real), integer(3)), ParamValue(3.0));
  EXPECT_EQ(refusal_of(param(ParamKind::real), std::nan("")), "'low' must be a number, not nan");
  EXPECT_EQ(refusal_of(param(ParamKind::real), HUGE_VAL), "'low' must be a number, not inf");
}

TEST(DescriptionTest, LimitsOfARealMayBeWrittenAsIntegers) {
  // A description travels as JSON, where 0.0 may become 0.
  const auto sut = param(ParamKind::real, integer(0), integer(1));
  EXPECT_EQ(refusal_of(sut, 1.5), "'low' must be in [0, 1], not 1.5");
}

TEST(DescriptionTest, ADurationTakesTextAndNanoseconds) {
  const auto sut = param(ParamKind::duration, integer(0), integer(2'000'000'000));
  EXPECT_EQ(checked(sut, text("50ms")), integer(50'000'000));
  EXPECT_EQ(checked(sut, integer(7)), integer(7));
  EXPECT_EQ(refusal_of(sut, text("3s")), "'low' must be in [0s, 2s], not 3s");
  EXPECT_EQ(refusal_of(sut, text("50")), "'low' must be a duration such as 50ms or 1.5s, not '50'");
  EXPECT_EQ(refusal_of(sut, 0.5), "'low' must be a duration such as 50ms or 1.5s, not 0.5");
}

TEST(DescriptionTest, TextMayBeOneOfSomeChoices) {
  auto sut = param(ParamKind::text);
  sut.choices = {"fast", "good"};
  EXPECT_EQ(checked(sut, text("good")), text("good"));
  EXPECT_EQ(refusal_of(sut, text("god")), "'low' must be one of 'fast', 'good', not 'god'");
}

TEST(DescriptionTest, ReadsDurations) {
  EXPECT_EQ(parse_duration("50ms"), 50'000'000);
  EXPECT_EQ(parse_duration("1.5s"), 1'500'000'000);
  EXPECT_EQ(parse_duration("20us"), 20'000);
  EXPECT_EQ(parse_duration("3 ns"), 3);
  EXPECT_EQ(parse_duration("2min"), 120'000'000'000);
  EXPECT_EQ(parse_duration("1h"), 3'600'000'000'000);
  EXPECT_EQ(parse_duration("-1s"), -1'000'000'000);
  for (const auto* wrong :
       {"", "5", "ms", "5 parsecs", "5msx", "infs", "nans", "1e300s", "300000000h", " 5s"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(DescriptionTest, WritesDurationsInTheLargestUnitThatIsExact) {
  EXPECT_EQ(format_duration(0), "0s");
  EXPECT_EQ(format_duration(50'000'000), "50ms");
  EXPECT_EQ(format_duration(1'500'000'000), "1500ms");
  EXPECT_EQ(format_duration(1'000'000'001), "1000000001ns");
  EXPECT_EQ(format_duration(-120'000'000'000), "-2min");
  for (const std::int64_t value :
       {std::int64_t{7}, std::int64_t{20'000}, std::int64_t{3'600'000'000'000}}) {
    EXPECT_EQ(parse_duration(format_duration(value)), value);
  }
}

TEST(DescriptionTest, PicturesFitWhereAnyPictureMayCome) {
  EXPECT_TRUE(fits("image/bgr8", "image/bgr8"));
  EXPECT_TRUE(fits("image/bgr8", "image"));
  EXPECT_TRUE(fits("image", "image/bgr8"));
  EXPECT_TRUE(fits("any", "number"));
  EXPECT_TRUE(fits("number", "any"));
  EXPECT_FALSE(fits("image/bgr8", "image/gray8"));
  EXPECT_FALSE(fits("image", "number"));
  EXPECT_FALSE(fits("array/f32", "array/f64"));
  EXPECT_FALSE(fits("record/a", "record/b"));
}

TEST(DescriptionTest, WritesValuesSoThatTheyReadBack) {
  EXPECT_EQ(to_string(ParamValue(true)), "true");
  EXPECT_EQ(to_string(integer(-5)), "-5");
  EXPECT_EQ(to_string(ParamValue(0.1)), "0.1");
  EXPECT_EQ(to_string(text("a b")), "a b");
  EXPECT_EQ(to_string(ParamKind::duration), "duration");
}

}  // namespace
}  // namespace vcengine
