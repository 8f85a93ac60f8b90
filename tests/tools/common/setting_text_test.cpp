#include "tools/common/setting_text.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace vcengine {
namespace {

ParamInfo setting(ParamKind kind, ParamValue init) {
  ParamInfo info;
  info.name = "setting";
  info.kind = kind;
  info.init = std::move(init);
  return info;
}

std::string initial(const ParamInfo& param) { return in_circuit(param, param.init); }

TEST(SettingTextTest, ValuesReadBackFromACircuitAsTheyWere) {
  EXPECT_EQ(initial(setting(ParamKind::boolean, true)), "true");
  EXPECT_EQ(initial(setting(ParamKind::integer, std::int64_t{-7})), "-7");
  EXPECT_EQ(initial(setting(ParamKind::real, 0.1)), "0.1");
  EXPECT_EQ(initial(setting(ParamKind::duration, std::int64_t{1'500'000})), "1500us");
  EXPECT_EQ(initial(setting(ParamKind::text, std::string("a \"b\" ${c}"))),
            "\"a \\\"b\\\" $${c}\"");
}

TEST(SettingTextTest, AnInfinityHasNoWord) {
  EXPECT_EQ(initial(setting(ParamKind::real, std::numeric_limits<double>::infinity())), "");
}

TEST(SettingTextTest, OnlyAnEmptyPathMustBeNamed) {
  EXPECT_TRUE(needs_path(setting(ParamKind::path, std::string())));
  EXPECT_FALSE(needs_path(setting(ParamKind::path, std::string("a.png"))));
  EXPECT_FALSE(needs_path(setting(ParamKind::text, std::string())));
}

TEST(SettingTextTest, TheEndsOfACppTypeAreNobodysChoice) {
  EXPECT_TRUE(is_chosen(std::int64_t{0}));
  EXPECT_TRUE(is_chosen(std::int64_t{1000}));
  EXPECT_TRUE(is_chosen(-0.5));
  EXPECT_FALSE(is_chosen(std::int64_t{std::numeric_limits<std::int32_t>::min()}));
  EXPECT_FALSE(is_chosen(std::int64_t{std::numeric_limits<std::uint32_t>::max()}));
  EXPECT_FALSE(is_chosen(std::numeric_limits<std::int64_t>::max()));
  EXPECT_FALSE(is_chosen(static_cast<double>(std::numeric_limits<float>::max())));
}

}  // namespace
}  // namespace vcengine
