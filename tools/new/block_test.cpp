#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "tools/common/names.hpp"
#include "tools/new/block_files.hpp"
#include "tools/new/input_value.hpp"
#include "tools/new/process_code.hpp"

namespace vcengine {
namespace {

std::string puts(const NewPort& input) {
  const auto sample = sample_of(input.type);
  const auto put = [&](const std::string& name) {
    return fmt::format("  sut.put<{}>(\"{}\", {});\n", sample.type, name, sample.value);
  };
  // A harness wires two of "any number of wires".
  if (input.mode == InputMode::many) return put(input.name + "[0]") + put(input.name + "[1]");
  return put(input.name);
}

std::string test_name(const NewBlock& block) {
  if (block.brightens) return "MultipliesEachValueByItsGain";
  if (block.inputs.empty()) return "SendsAFrameEachTime";
  return block.outputs.empty() ? "TakesAFrame" : "MakesItsOutputsOfItsInputs";
}

std::string behaviour_test(const NewBlock& block, const ProcessCode& code) {
  const auto name = class_name(block.name);
  auto text = fmt::format("TEST({0}Test, {1}) {{\n  vcengine::BlockHarness<{0}> sut;\n", name,
                          test_name(block));
  if (block.brightens) text += "  sut.set(\"gain\", 2.0);\n";
  for (const auto& input : block.inputs) text += puts(input);
  text += "  ASSERT_TRUE(sut.step());\n\n";
  for (const auto& line : code.expectations) text += "  " + line + "\n";
  return text + "}\n";
}

std::string limits_test(const NewBlock& block, const NewParam& param) {
  const auto& name = param.info.name;
  return fmt::format(
      "\nTEST({0}Test, Refuses{1}ThatIsNotAllowed) {{\n"
      "  vcengine::BlockHarness<{0}> sut;\n"
      "  EXPECT_THROW(sut.set(\"{2}\", {3}), vcengine::ParamError);\n"
      "}}\n",
      class_name(block.name), camel(name), name, param.refused_value());
}

}  // namespace

std::string block_test(const NewBlock& block) {
  const auto code = process_code(block);
  auto tests = behaviour_test(block, code);
  const auto limited = std::ranges::find_if(
      block.params, [](const NewParam& param) { return !param.refused_value().empty(); });
  if (limited != block.params.end()) tests += limits_test(block, *limited);

  std::set<std::string> headers{"gtest/gtest.h", "vcengine/harness.hpp"};
  const auto uses = [&](std::string_view word) { return tests.find(word) != std::string::npos; };
  if (uses("EXPECT_THAT")) headers.insert({"gmock/gmock.h", "vcengine/picture_matchers.hpp"});
  if (uses("std::array")) headers.insert("array");
  if (uses("std::byte")) headers.insert("cstddef");
  if (uses("std::vector")) headers.insert("vector");
  if (uses("std::string")) headers.insert("string");
  if (uses("int8_t") || uses("int16_t") || uses("int32_t") || uses("int64_t"))
    headers.insert("cstdint");
  auto text = fmt::format("#include \"{}.cpp\"\n\n", block.name);
  for (const auto& header : headers) text += fmt::format("#include <{}>\n", header);
  return text + "\n" + tests;
}

}  // namespace vcengine
