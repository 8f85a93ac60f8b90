#include "engine/circuit/circuit_parser.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "tests/engine/temporary_folder.hpp"

namespace vcengine {
namespace {

std::optional<std::string> no_variables(const std::string&) { return std::nullopt; }

std::optional<std::string> some_variables(const std::string& name) {
  if (name == "VIDEO") return "street.avi";
  if (name == "LOW") return "010";
  if (name == "EMPTY") return "";
  return std::nullopt;
}

Circuit parsed(std::string text, const Environment& environment = no_variables) {
  return parse_circuit_text(std::move(text), "c.yaml", environment);
}

std::string whole_refusal_of(std::string text) {
  try {
    parsed(std::move(text), some_variables);
  } catch (const CircuitError& error) {
    return error.what();
  }
  return "accepted";
}

/// The messages without source lines and carets.
std::string refusal_of(std::string text) {
  try {
    parsed(std::move(text), some_variables);
  } catch (const CircuitError& error) {
    std::string messages;
    for (auto diagnostic : error.diagnostics().all()) {
      diagnostic.line_text.clear();
      messages += (messages.empty() ? "" : "\n") + to_string(diagnostic);
    }
    return messages;
  }
  return "accepted";
}

std::string refusal_of_file(const std::filesystem::path& file) {
  try {
    parse_circuit(file);
  } catch (const CircuitError& error) {
    return error.what();
  }
  return "accepted";
}

/// The value of params.x, written as `text`.
ParamSetting param_written(const std::string& text) {
  return parsed("blocks:\n  a:\n    type: b.c\n    params:\n      x: " + text + "\n",
                some_variables)
      .blocks.at(0)
      .params.at(0);
}
ParamValue value_written(const std::string& text) { return param_written(text).value; }
ParamValue text_value(std::string text) { return {std::move(text)}; }
ParamValue integer_value(std::int64_t number) { return {number}; }

std::string refusal_of_wire(const std::string& wire) {
  return refusal_of("blocks: {a: {type: b.c}}\nwires:\n  - " + wire + "\n");
}
WireSpec wire_written(const std::string& wire) {
  return parsed("blocks: {a: {type: b.c}}\nwires:\n  - " + wire + "\n").wires.at(0);
}

TEST(CircuitParserTest, ReadsBlocksAndWiresWithTheirPlaces) {
  const auto sut = parsed(R"(circuit: edges
blocks:
  camera: {type: io.video_file, params: {path: "${VIDEO:-vtest.avi}"}}
  detect: {type: vision.edge_detector, params: {low: 50}, threads: auto, rate: 12.5, live: false}
wires:
  - camera.frames -> detect.image
  - {from: detect.edges, to: view.image, policy: drop_oldest, depth: 2, capacity: 3 MiB}
)");

  EXPECT_EQ(sut.name, "edges");
  EXPECT_EQ(sut.folder, std::filesystem::current_path());
  ASSERT_EQ(sut.blocks.size(), 2U);
  EXPECT_EQ(sut.blocks[0].params.at(0).value, text_value("vtest.avi"));
  EXPECT_EQ(sut.blocks[1].type, "vision.edge_detector");
  EXPECT_EQ(sut.blocks[1].type_place.line, 4);
  EXPECT_EQ(sut.blocks[1].type_place.column, 18);
  EXPECT_EQ(sut.blocks[1].threads, 0);
  EXPECT_EQ(sut.blocks[1].rate_hz, 12.5);
  EXPECT_EQ(sut.blocks[1].live, false);
  ASSERT_EQ(sut.wires.size(), 2U);
  EXPECT_EQ(sut.wires[0].to.block, "detect");
  EXPECT_EQ(sut.wires[0].to.port, "image");
  EXPECT_EQ(sut.wires[0].to.place.column, 22);
  EXPECT_EQ(sut.wires[1].policy, WirePolicy::drop_oldest);
  EXPECT_EQ(sut.wires[1].depth, 2U);
  EXPECT_EQ(sut.wires[1].capacity, std::uint64_t{3} << 20U);
}

TEST(CircuitParserTest, ACircuitWithoutANameIsCalledAsItsFile) {
  const auto name = [](const char* file) {
    return parse_circuit_text("blocks: {a: {type: b.c}}", file, no_variables).name;
  };
  EXPECT_EQ(name("circuits/edges.yaml"), "edges");
  EXPECT_EQ(name("My Edges-2.yaml"), "my_edges_2");
  EXPECT_EQ(name("2cams.yaml"), "circuit_2cams");
}

TEST(CircuitParserTest, ScalarsMeanWhatTheyLookLike) {
  EXPECT_EQ(value_written("010"), integer_value(10));
  EXPECT_EQ(value_written("-3"), integer_value(-3));
  EXPECT_EQ(value_written("+3"), integer_value(3));
  EXPECT_EQ(value_written("1.50"), ParamValue(1.5));
  EXPECT_EQ(value_written(".5"), ParamValue(0.5));
  EXPECT_EQ(value_written("1e3"), ParamValue(1000.0));
  EXPECT_EQ(value_written("true"), ParamValue(true));
  EXPECT_EQ(value_written("false"), ParamValue(false));
  for (const auto* text : {"yes", "no", "on", "True", "0x10", "0o17", "1_000", ".inf", "nan", "+-1",
                           "--1", "1.2.3", "50ms", "12:30"}) {
    EXPECT_EQ(value_written(text), text_value(text));
  }
}

TEST(CircuitParserTest, QuotesMeanText) {
  EXPECT_EQ(value_written("\"010\""), text_value("010"));
  EXPECT_EQ(value_written("'true'"), text_value("true"));
  EXPECT_EQ(value_written("''"), text_value(""));
}

TEST(CircuitParserTest, KeepsHowAValueWasWritten) { EXPECT_EQ(param_written("010").text, "010"); }

TEST(CircuitParserTest, ReplacesVariables) {
  EXPECT_EQ(value_written("${VIDEO}"), text_value("street.avi"));
  EXPECT_EQ(value_written("a/${VIDEO:-x}/${NONE:-d}"), text_value("a/street.avi/d"));
  EXPECT_EQ(value_written("${EMPTY:-d}"), text_value("d"));
  EXPECT_EQ(value_written("x${EMPTY}"), text_value("x"));
  EXPECT_EQ(value_written("\"${NONE:-}\""), text_value(""));
  EXPECT_EQ(value_written("$${VIDEO} $5"), text_value("${VIDEO} $5"));
}

TEST(CircuitParserTest, AVariableInQuotesCanStillBeANumber) {
  // Inside {} YAML wants the quotes, so they cannot mean text there.
  EXPECT_EQ(value_written("\"${LOW}\""), integer_value(10));
}

TEST(CircuitParserTest, RefusesAVariableThatIsNotSet) {
  EXPECT_EQ(whole_refusal_of("blocks:\n  a: {type: b.c, params: {x: \"${CAMERA}\"}}\n"),
            "c.yaml:2:30: the environment variable 'CAMERA' is not set; set it, or give a default: "
            "${CAMERA:-default}\n"
            "  a: {type: b.c, params: {x: \"${CAMERA}\"}}\n"
            "                             ^");
}

TEST(CircuitParserTest, RefusesAMalformedVariable) {
  EXPECT_EQ(
      refusal_of("blocks:\n  a:\n    type: ${1X}\n"),
      "c.yaml:3:11: '${1X}' names no variable; write ${NAME} or ${NAME:-default}, or $${ for a "
      "literal ${");
  EXPECT_EQ(refusal_of("blocks:\n  a:\n    type: ${X\n"),
            "c.yaml:3:11: '${' without its '}'; write $${ for a literal ${");
}

TEST(CircuitParserTest, SaysThatAVariableInsideBracesMustBeQuoted) {
  EXPECT_EQ(whole_refusal_of("blocks:\n  a: {type: b.c, params: {x: ${VIDEO:-v.avi}}}\n"),
            "c.yaml:2:30: inside {} or [] a variable must be in quotes: \"${VIDEO:-v.avi}\"\n"
            "  a: {type: b.c, params: {x: ${VIDEO:-v.avi}}}\n"
            "                             ^");
  EXPECT_EQ(refusal_of("blocks:\n  a: {\n    type: x${VIDEO}\n  }\n"),
            "c.yaml:3:12: inside {} or [] a variable must be in quotes: \"${VIDEO}\"");
}

TEST(CircuitParserTest, ReportsAllErrorsOfMeaningAtOnce) {
  EXPECT_EQ(
      refusal_of(
          "blok: 1\nblocks:\n  Cam: {type: io.x}\n  a: {typ: io.x}\n  b: {}\nwires:\n  - a.b\n"),
      "c.yaml:1:1: a circuit file has no key 'blok'; did you mean 'blocks'?\n"
      "c.yaml:3:3: 'Cam' is no name: a name begins with a letter a-z, goes on with a-z, 0-9 and "
      "'_', and has at most 64 characters\n"
      "c.yaml:4:7: block 'a' has no key 'typ'; did you mean 'type'?\n"
      "c.yaml:5:3: block 'b' needs a 'type'\n"
      "c.yaml:7:5: 'a.b' is no wire; a wire is 'block.output -> block.input'");
}

TEST(CircuitParserTest, RefusesADuplicatedName) {
  EXPECT_EQ(refusal_of("blocks:\n  a: {type: b.c}\n  a: {type: b.c}\n"),
            "c.yaml:3:3: a second 'a'; the first one is in line 2");
  EXPECT_EQ(refusal_of("blocks:\n  a: {type: b.c, params: {x: 1, x: 2}}\n"),
            "c.yaml:2:33: a second 'x'; the first one is in line 2");
  EXPECT_EQ(refusal_of("blocks: {a: {type: b.c}}\nwires: []\nwires: []\n"),
            "c.yaml:3:1: a second 'wires'; the first one is in line 2");
}

TEST(CircuitParserTest, RefusesWhatIsNoType) {
  EXPECT_EQ(refusal_of("blocks: {a: {type: edges}}"),
            "c.yaml:1:20: 'edges' is no block type; a type is 'family.name', such as "
            "vision.edge_detector");
  EXPECT_EQ(refusal_of("blocks: {a: {type: edges.yaml}}"),
            "c.yaml:1:20: a circuit as a block is not supported yet: 'edges.yaml'");
}

TEST(CircuitParserTest, RefusesValuesThatAreNone) {
  EXPECT_EQ(refusal_of("blocks: {a: {type: b.c, params: {x: [1], y: {z: 1}, w: }}}"),
            "c.yaml:1:37: 'x' must be one value, not a list\n"
            "c.yaml:1:45: 'y' must be one value, not a map\n"
            "c.yaml:1:56: 'w' must be one value, not nothing");
}

TEST(CircuitParserTest, TheClockIsThatOfTheWallUnlessTheFileSaysOtherwise) {
  const std::string blocks = "blocks: {a: {type: b.c}}\n";
  EXPECT_EQ(parsed(blocks).clock, ClockKind::wall);
  EXPECT_EQ(parsed(blocks + "clock: wall\n").clock, ClockKind::wall);
  EXPECT_EQ(parsed(blocks + "clock: media\n").clock, ClockKind::media);
  EXPECT_EQ(refusal_of("clock: sun\n" + blocks),
            "c.yaml:1:8: no clock 'sun'; there are wall and media");
  EXPECT_EQ(refusal_of("clock: [wall]\n" + blocks),
            "c.yaml:1:8: 'clock' must be wall or media, not a list");
}

/// Of a block that says `sync: <text>`.
std::optional<SyncSpec> sync_written(const std::string& text) {
  return parsed("blocks:\n  a: {type: b.c, sync: " + text + "}\n").blocks.at(0).sync;
}
std::string refusal_of_sync(const std::string& text) {
  return refusal_of("blocks:\n  a: {type: b.c, sync: " + text + "}\n");
}

TEST(CircuitParserTest, ReadsHowInputsAreMatched) {
  using std::chrono::milliseconds;
  EXPECT_FALSE(parsed("blocks: {a: {type: b.c}}\n").blocks.at(0).sync);
  EXPECT_EQ(sync_written("{}")->rule, SyncRule{});
  EXPECT_EQ(sync_written("{by: stamp}")->rule, SyncRule{});
  EXPECT_EQ(sync_written("{tolerance: 0, on_miss: drop}")->rule, SyncRule{});
  EXPECT_EQ(sync_written("{by: order, on_miss: partial}")->rule,
            (SyncRule{.by = SyncRule::By::order, .wait = {}, .partial = true}));
  const auto sut = sync_written("{by: stamp, tolerance: 15ms, wait: 0.05s, on_miss: partial}");
  EXPECT_EQ(sut->rule,
            (SyncRule{.tolerance = milliseconds(15), .wait = milliseconds(50), .partial = true}));
  EXPECT_FALSE(sut->from_defaults);
  EXPECT_EQ(sut->place.column, 24);
  EXPECT_EQ(sut->by_place.column, 29);
  EXPECT_EQ(sut->tolerance_place.column, 47);
  EXPECT_EQ(sut->on_miss_place.column, 75);
}

TEST(CircuitParserTest, ABlockMatchesAsTheDefaultsSayUnlessItSaysOtherwise) {
  const auto sut = parsed(
      "blocks: {a: {type: b.c}, b: {type: b.c, sync: {by: order}}}\n"
      "defaults: {sync: {tolerance: 5ms}}\n");
  ASSERT_TRUE(sut.blocks[0].sync && sut.blocks[1].sync);
  EXPECT_EQ(sut.blocks[0].sync->rule.tolerance, std::chrono::milliseconds(5));
  EXPECT_TRUE(sut.blocks[0].sync->from_defaults);
  EXPECT_EQ(sut.blocks[0].sync->tolerance_place.line, 2);
  EXPECT_EQ(sut.blocks[1].sync->rule.by, SyncRule::By::order);
  EXPECT_FALSE(sut.blocks[1].sync->from_defaults);
}

TEST(CircuitParserTest, RefusesAWayOfMatchingThatThereIsNot) {
  EXPECT_EQ(refusal_of_sync("stamp"),
            "c.yaml:2:24: 'sync' must be a map such as {by: stamp, tolerance: 15ms}, not 'stamp'");
  EXPECT_EQ(refusal_of_sync("{tolerence: 5ms}"),
            "c.yaml:2:25: 'sync' has no key 'tolerence'; did you mean 'tolerance'?");
  EXPECT_EQ(refusal_of_sync("{by: odrer}"), "c.yaml:2:29: no by 'odrer'; did you mean 'order'?");
  EXPECT_EQ(refusal_of_sync("{on_miss: magic}"),
            "c.yaml:2:34: no on_miss 'magic'; there are drop and partial");
  EXPECT_EQ(refusal_of_sync("{tolerance: 15}"),
            "c.yaml:2:36: 'tolerance' needs a unit, such as 15ms or 15s");
  EXPECT_EQ(refusal_of_sync("{tolerance: -1ms}"),
            "c.yaml:2:36: 'tolerance' must be a duration such as 15ms, not '-1ms'");
  EXPECT_EQ(refusal_of_sync("{tolerance: soon}"),
            "c.yaml:2:36: 'tolerance' must be a duration such as 15ms, not 'soon'");
  for (const std::string none : {"0", "0ms"}) {
    EXPECT_EQ(refusal_of_sync("{wait: " + none + "}"),
              "c.yaml:2:31: 'wait' must be a duration above 0, such as 50ms, not '" + none + "'");
  }
  EXPECT_EQ(refusal_of_sync("{tolerance: 5ms, by: order}"),
            "c.yaml:2:36: 'by: order' looks at no stamps, so there is nothing to tolerate; leave "
            "out 'tolerance' or 'by: order'");
}

TEST(CircuitParserTest, RefusesBadRatesThreadsAndLive) {
  EXPECT_EQ(
      refusal_of("blocks:\n  a: {type: b.c, rate: 0}\n  b: {type: b.c, rate: 30Hz}\n"
                 "  c: {type: b.c, threads: 0}\n  d: {type: b.c, live: yes}\n"),
      "c.yaml:2:24: 'rate' (calls a second) must be a number above 0 and at most 1000000, not '0'\n"
      "c.yaml:3:24: 'rate' (calls a second) must be a number above 0 and at most 1000000, not "
      "'30Hz'\n"
      "c.yaml:4:27: 'threads' must be an integer in [1, 256], not '0'\n"
      "c.yaml:5:24: 'live' must be true or false, not 'yes'");
}

TEST(CircuitParserTest, RefusesAnUnknownPolicy) {
  EXPECT_EQ(refusal_of_wire("{from: a.b, to: a.c, policy: drop_old}"),
            "c.yaml:3:34: no policy 'drop_old'; did you mean 'drop_oldest'?");
  EXPECT_EQ(refusal_of_wire("{from: a.b, to: a.c, policy: magic}"),
            "c.yaml:3:34: no policy 'magic'; there are wait and drop_oldest");
}

TEST(CircuitParserTest, RefusesADepthOrCapacityOutOfRange) {
  EXPECT_EQ(refusal_of_wire("{from: a.b, to: a.c, depth: 65}"),
            "c.yaml:3:33: 'depth' must be an integer in [1, 64], not '65'");
  for (const std::string size : {"5GiB", "0", "-1", "64 mib", "many", "0.5", "1e3"}) {
    EXPECT_EQ(
        refusal_of_wire("{from: a.b, to: a.c, capacity: " + size + "}"),
        "c.yaml:3:36: 'capacity' must be bytes of the largest frame, such as 64MiB, and at most "
        "4 GiB, not '" +
            size + "'");
  }
}

TEST(CircuitParserTest, ReadsACapacityWithUnits) {
  const auto capacity = [](const std::string& size) {
    return wire_written("{from: a.b, to: a.c, capacity: " + size + "}").capacity;
  };
  EXPECT_EQ(capacity("4096"), 4096U);
  EXPECT_EQ(capacity("2 KiB"), 2048U);
  EXPECT_EQ(capacity("1.5MiB"), 1572864U);
  EXPECT_EQ(capacity("300kB"), 300'000U);
  EXPECT_EQ(capacity("2MB"), 2'000'000U);
  EXPECT_EQ(capacity("4GiB"), std::uint64_t{4} << 30U);
}

TEST(CircuitParserTest, RefusesMalformedWires) {
  const std::string form = "; a wire is 'block.output -> block.input'";
  EXPECT_EQ(refusal_of_wire("a.b - > c.d"), "c.yaml:3:5: 'a.b - > c.d' is no wire" + form);
  EXPECT_EQ(refusal_of_wire("a.b -> c.d -> e.f"),
            "c.yaml:3:5: 'a.b -> c.d -> e.f' is no wire" + form);
  EXPECT_EQ(refusal_of_wire("-> c.d"), "c.yaml:3:5: '-> c.d' is no wire" + form);
  EXPECT_EQ(refusal_of_wire("a.b ->   cd"), "c.yaml:3:14: 'cd' is no port; a port is 'block.port'");
  EXPECT_EQ(refusal_of_wire("\"a.b -> c.d e\""),
            "c.yaml:3:13: 'c.d e' is no port; a port is 'block.port'");
  EXPECT_EQ(refusal_of_wire("{from: a.b}"), "c.yaml:3:5: this wire needs a 'to'");
  EXPECT_EQ(refusal_of_wire("[a, b]"),
            "c.yaml:3:5: a wire must be 'block.output -> block.input', not a list");
  EXPECT_EQ(refusal_of("blocks: {a: {type: b.c}}\nwires: {a: b}\n"),
            "c.yaml:2:8: 'wires' must be a list of 'block.output -> block.input', not a map");
}

TEST(CircuitParserTest, RefusesWhatIsNoCircuit) {
  EXPECT_EQ(refusal_of(""), "c.yaml: is empty");
  EXPECT_EQ(refusal_of("# only a comment\n"), "c.yaml: is empty");
  EXPECT_EQ(refusal_of("- a\n"),
            "c.yaml:1:1: a circuit file must be a map with 'blocks' and 'wires', not a list");
  EXPECT_EQ(
      refusal_of("wires: []\n"),
      "c.yaml: no 'blocks:' in this circuit; write, say, 'blocks: {camera: {type: io.camera}}'");
  EXPECT_EQ(refusal_of("blocks:\nwires: []\n"),
            "c.yaml:1:1: 'blocks' is empty; a circuit needs a block");
  EXPECT_EQ(refusal_of("blocks: {a: io.camera}\n"),
            "c.yaml:1:13: block 'a' must be a map such as {type: io.camera}, not 'io.camera'");
}

TEST(CircuitParserTest, SaysWhereTheYamlIsBroken) {
  EXPECT_EQ(refusal_of("blocks:\n  a: {type: b.c\nwires: []\n"),
            "c.yaml:3:6: not valid YAML: a '{' is not closed, or a comma is missing in it");
  EXPECT_EQ(refusal_of("blocks:\n\ta: {type: b.c}\n"),
            "c.yaml:2:1: not valid YAML: indent with spaces, not tabs");
  EXPECT_EQ(
      refusal_of("blocks: a: b\n"),
      "c.yaml:1:10: not valid YAML: a ':' is not possible here; check the indentation, or put the "
      "text in quotes");
  EXPECT_EQ(refusal_of("blocks: \"a\n"), "c.yaml:1:9: this quote is never closed");
  EXPECT_EQ(refusal_of("blocks: 'it''s\n"), "c.yaml:1:9: this quote is never closed");
  EXPECT_EQ(
      refusal_of("  blocks: {a: {type: b.c}}\n wires: []\n"),
      "c.yaml:2:2: does not belong to what is above it; check the indentation (a file holds one "
      "circuit)");
  EXPECT_EQ(refusal_of("blocks: *none\n"), "c.yaml:1:9: not valid YAML: no anchor of this name");
}

TEST(CircuitParserTest, EndsOfLinesAndAByteOrderMarkDoNotMatter) {
  const auto sut = parsed(
      "\xEF\xBB\xBF"
      "blocks:\r\n  a: {type: b.c}\r\n");
  EXPECT_EQ(sut.blocks.at(0).place.line, 2);
  EXPECT_EQ(sut.blocks.at(0).place.column, 3);
  EXPECT_EQ(sut.lines.at(1), "  a: {type: b.c}");
}

TEST(CircuitParserTest, ColumnsAreCountedInCharacters) {
  EXPECT_EQ(
      whole_refusal_of("blocks: {a: {type: b.c, params: {x: 'größe'}, y: 1}}"),
      "c.yaml:1:47: block 'a' has no key 'y'; there can be type, params, rate, live, threads, "
      "cpu, nice, memory, env, cwd, sync, restart, backoff, intensity, timeout, start_timeout, "
      "on_give_up, on_crash\n"
      "blocks: {a: {type: b.c, params: {x: 'größe'}, y: 1}}\n"
      "                                              ^");
}

TEST(CircuitParserTest, RefusesWhatIsNoText) {
  EXPECT_EQ(refusal_of(std::string("a: \0b", 5)), "c.yaml: is not a text file (UTF-8 is expected)");
  EXPECT_EQ(refusal_of("a: b\nc: \xC3\xBC \xFF\n"), "c.yaml:2:6: is not UTF-8 from here on");
}

TEST(CircuitParserTest, AnchorsMayBeUsed) {
  const auto sut = parsed("blocks:\n  a: &a {type: b.c, params: {x: 1}}\n  b: *a\n");
  EXPECT_EQ(sut.blocks.at(1).params.at(0).value, integer_value(1));
}

TEST(CircuitParserTest, RefusesABombOfAnchors) {
  std::string text = "a: &a0 [x,x,x,x,x,x,x,x,x,x]\n";
  for (int i = 1; i <= 9; ++i) {
    const auto before = "*a" + std::to_string(i - 1);
    text += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 0; j < 9; ++j) text += "," + before;
    text += "]\n";
  }
  EXPECT_NE(refusal_of(text).find("more values than a circuit file can have"), std::string::npos);
}

TEST(CircuitParserTest, RefusesAnythingNestedTooDeeply) {
  for (const std::string open : {"[", "{", "- ", "? ", "{a: "}) {
    std::string text;
    for (int i = 0; i < 10'000; ++i) text += open;
    EXPECT_NE(refusal_of(text).find("nested too deeply for a circuit file"), std::string::npos)
        << open;
  }
  std::string text = "blocks: ";
  for (int i = 0; i < 100; ++i) text += '[';
  for (int i = 0; i < 100; ++i) text += ']';
  EXPECT_EQ(refusal_of(text), "c.yaml:1:40: nested too deeply for a circuit file");
}

TEST(CircuitParserTest, AStrayCommaEnds) {
  // YAML::LoadAll() made empty documents of it until memory was used up.
  EXPECT_EQ(refusal_of(", a: b\n"), "c.yaml:1:1: not valid YAML: a file cannot begin like this");
}

TEST(CircuitParserTest, RefusesAnEndlessLine) {
  EXPECT_EQ(refusal_of("a: b\nc: " + std::string(70'000, 'x')),
            "c.yaml:2: a line of more than 64 KiB; is this a circuit file?");
}

TEST(CircuitParserTest, LimitsBlocksAndWires) {
  std::string text = "blocks:\n";
  for (int i = 0; i < 513; ++i) text += "  b" + std::to_string(i) + ": {type: b.c}\n";
  EXPECT_EQ(refusal_of(text), "c.yaml:514:3: a circuit can have at most 512 blocks");

  text = "blocks: {a: {type: b.c}}\nwires:\n";
  for (int i = 0; i < 4097; ++i) text += "- a.b -> a.c\n";
  EXPECT_EQ(refusal_of(text), "c.yaml:4099:3: a circuit can have at most 4096 wires");
}

TEST(CircuitParserTest, SaysWhyAFileCannotBeRead) {
  const TemporaryFolder folder;
  folder.write("edges.yaml", "blocks: {a: {type: b.c}}\n");
  const auto at = [&](const char* name) { return (folder.path() / name).string(); };

  EXPECT_EQ(refusal_of_file(at("edges.yaml")), "accepted");
  EXPECT_EQ(refusal_of_file(at("edgs.yaml")),
            at("edgs.yaml") + ": no such file; did you mean '" + at("edges.yaml") + "'?");
  EXPECT_EQ(refusal_of_file(at("edges")),
            at("edges") + ": no such file; did you mean '" + at("edges.yaml") + "'?");
  EXPECT_EQ(refusal_of_file(at("none/x.yaml")), at("none/x.yaml") + ": no such file");
  EXPECT_EQ(refusal_of_file(folder.path()),
            folder.path().string() + ": is a folder, not a circuit file");
  EXPECT_EQ(refusal_of_file("/proc/self/mem"),
            "/proc/self/mem: cannot be read: Input/output error");
  EXPECT_EQ(refusal_of_file("/dev/zero"),
            "/dev/zero: is larger than 4 MiB; is this a circuit file?");
  EXPECT_EQ(refusal_of_file(at("edges.yaml/x")),
            at("edges.yaml/x") + ": cannot be opened: Not a directory");
}

TEST(CircuitParserTest, AFileCutAnywhereIsReadOrRefused) {
  const std::string whole =
      "circuit: e\nblocks:\n  a: {type: b.c, params: {x: \"${VIDEO}\", y: 'z'}}\n"
      "wires:\n  - a.b -> a.c\n  - {from: a.b, to: a.d, depth: 2}\n";
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    EXPECT_FALSE(refusal_of(whole.substr(0, size)).empty());
  }
  EXPECT_EQ(refusal_of(whole), "accepted");
}

std::string refusal_of_set(const std::string& assignment) {
  auto circuit = parsed("blocks:\n  detect: {type: b.c, params: {low: 50}}\n");
  try {
    apply_set(circuit, assignment);
  } catch (const CircuitError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ApplySetTest, OverridesASetting) {
  auto circuit = parsed("blocks:\n  detect: {type: b.c, params: {low: 50, high: 9}}\n");

  apply_set(circuit, "detect.low=060");
  apply_set(circuit, "detect.title=a=b");

  const auto& params = circuit.blocks.at(0).params;
  ASSERT_EQ(params.size(), 3U);
  EXPECT_EQ(params[1].name, "low");
  EXPECT_EQ(params[1].value, integer_value(60));
  EXPECT_EQ(params[1].place.line, 0);
  EXPECT_EQ(params[2].value, text_value("a=b"));
}

TEST(ApplySetTest, RefusesWhatIsNoSettingOrNoBlock) {
  EXPECT_EQ(refusal_of_set("detect"),
            "--set detect: a setting is 'block.parameter=value', such as detect.low=60");
  EXPECT_EQ(refusal_of_set("detect.=1"),
            "--set detect.=1: a setting is 'block.parameter=value', such as detect.low=60");
  EXPECT_EQ(refusal_of_set("detct.low=60"),
            "--set detct.low=60: no block 'detct' in this circuit; did you mean 'detect'?");
  EXPECT_EQ(refusal_of_set("view.low=60"),
            "--set view.low=60: no block 'view' in this circuit; it has detect");
}

}  // namespace
}  // namespace vcengine
