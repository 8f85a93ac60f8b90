#include "engine/control/json.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <random>

#include "engine/control/description_json.hpp"

namespace vcengine {
namespace {

std::string error_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const JsonError& error) {
    return error.what();
  }
  return "no error";
}

BlockInfo example_block() {
  return {
      .type = "vision.example",
      .doc = "Says \"much\"\n\tin ünicode",
      .traits = {.live = true, .window = true, .deterministic = false},
      .dynamic = true,
      .ports = {{.name = "points",
                 .doc = "In",
                 .role = PortRole::in,
                 .type = "record/point",
                 .optional = true,
                 .many = true,
                 .fields = {{"x", "f64", 0}, {"y", "f32", 8}},
                 .record_size = 16},
                {.name = "latest", .role = PortRole::latest, .type = "any"},
                {.name = "out", .role = PortRole::out, .delayed = 3, .same_as = "points"}},
      .params = {{.name = "low",
                  .doc = "Low",
                  .kind = ParamKind::integer,
                  .init = std::int64_t{-3},
                  .min = std::numeric_limits<std::int64_t>::min(),
                  .max = std::numeric_limits<std::int64_t>::max()},
                 {.name = "gain", .kind = ParamKind::real, .init = 1.0, .min = 0.1},
                 {.name = "on", .kind = ParamKind::boolean, .init = true},
                 {.name = "mode",
                  .kind = ParamKind::text,
                  .init = std::string("fast"),
                  .choices = {"fast", "slow"}},
                 {.name = "file", .kind = ParamKind::path, .init = std::string("a/b")},
                 {.name = "wait", .kind = ParamKind::duration, .init = std::int64_t{50'000'000}}},
      .states = {{.name = "seen", .type = "i64", .size = 8}, {.name = "sums", .type = "bytes"}}};
}

PluginDescription round_trip(const PluginDescription& description) {
  return plugin_description_from_json(parse_json(to_text(to_json(description))));
}

TEST(JsonTest, BringsBackAPluginAsItWas) {
  const PluginDescription sut{.types = {example_block(), BlockInfo{}}};
  EXPECT_EQ(round_trip(sut), sut);
}

TEST(JsonTest, BringsBackAFaultAsItWas) {
  for (const auto fault :
       {PluginFault::in_file, PluginFault::in_run, PluginFault::in_surroundings}) {
    const PluginDescription sut{.types = {}, .fault = fault, .problem = "hangs"};
    EXPECT_EQ(round_trip(sut), sut);
  }
}

TEST(JsonTest, KeepsTheKindOfEveryValue) {
  const ParamValue values[] = {true,
                               std::int64_t{1},
                               1.0,
                               -0.1,
                               std::numeric_limits<double>::max(),
                               std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity(),
                               std::numeric_limits<std::int64_t>::max(),
                               std::string("1"),
                               std::string("not \xff UTF-8, as paths may be")};
  for (const auto& value : values) {
    EXPECT_EQ(param_value_from_json(parse_json(to_text(to_json(value)))), value)
        << to_text(to_json(value));
  }
  const auto nan = param_value_from_json(parse_json(to_text(to_json(ParamValue(std::nan(""))))));
  EXPECT_TRUE(std::isnan(std::get<double>(nan)));
}

TEST(JsonTest, SaysWhatIsWrongAndWhere) {
  auto json = to_json(example_block());
  json.at("ports").at(1).as_object()["role"] = "upward";
  EXPECT_EQ(error_of([&] { block_info_from_json(json); }),
            "port 2: 'role' must be one of in, latest, out, not 'upward'");

  json = to_json(example_block());
  json.at("ports").at(0).at("fields").at(1).as_object().erase("type");
  EXPECT_EQ(error_of([&] { block_info_from_json(json); }), "port 1: field 2: 'type' is missing");

  json = to_json(example_block());
  json.as_object()["doc"] = 7;
  EXPECT_EQ(error_of([&] { block_info_from_json(json); }), "'doc' must be text");
}

TEST(JsonTest, RefusesAValueThatIsNotOfItsSettingsKind) {
  auto json = to_json(example_block());
  json.at("params").at(0).as_object()["init"] = "three";
  EXPECT_EQ(error_of([&] { block_info_from_json(json); }),
            "param 1: 'init' must be a value of kind integer");
  json = to_json(example_block());
  json.at("params").at(1).as_object()["max"] = true;
  EXPECT_EQ(error_of([&] { block_info_from_json(json); }),
            "param 2: 'max' must be a value of kind real");
}

TEST(JsonTest, RefusesNumbersThatDoNotFit) {
  EXPECT_NE(error_of([] { param_value_from_json(parse_json("18446744073709551615")); }),
            "no error");
  EXPECT_EQ(error_of([] { integer_of(parse_json(R"({"n": 1.5})").as_object(), "n"); }),
            "'n' must be a whole number of 64 bits");
  auto port = to_json(example_block().ports.front());
  port.as_object()["delayed"] = -1;
  EXPECT_EQ(error_of([&] { port_info_from_json(port); }),
            "'delayed' must be a number of frames, not -1");
}

TEST(JsonTest, LimitsDepthAndLength) {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(error_of([&] { parse_json(nested(32)); }), "no error");
  EXPECT_NE(error_of([&] { parse_json(nested(33)); }), "no error");
  EXPECT_EQ(error_of([] { parse_json("[1, 2]", 5); }), "longer than 5 bytes");
}

TEST(JsonTest, RefusesEveryPrefixOfADocument) {
  const auto text = to_text(to_json(PluginDescription{.types = {example_block()}}));
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_NE(error_of([&] { parse_json(text.substr(0, length)); }), "no error") << length;
  }
}

// Whatever bytes come, they are refused or understood: never anything else.
TEST(JsonTest, SurvivesDamagedDocuments) {
  const auto text = to_text(to_json(PluginDescription{.types = {example_block()}}));
  std::mt19937 random(1);
  const auto below = [&](std::size_t end) {
    return std::uniform_int_distribution<std::size_t>(0, end - 1)(random);
  };
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = text;
    for (auto count = 1 + below(3); count > 0; --count) {
      damaged[below(damaged.size())] = static_cast<char>(below(256));
    }
    try {
      plugin_description_from_json(parse_json(damaged));
    } catch (const JsonError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace vcengine
