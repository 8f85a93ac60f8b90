#include <fmt/format.h>

#include <algorithm>

#include "tools/common/names.hpp"
#include "tools/common/spec_text.hpp"
#include "tools/new/block_files.hpp"
#include "tools/new/process_code.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kLineWidth = 100;

/// `  head{arguments};` on one line, or two.
std::string member(const std::string& head, const std::string& arguments) {
  auto line = fmt::format("  {}{{{}}};\n", head, arguments);
  if (line.size() <= kLineWidth + 1) return line;
  return fmt::format("  {}{{\n      {}}};\n", head, arguments);
}

std::string input_member(const NewPort& port) {
  const auto type = port.type.cpp();
  const auto in = fmt::format("vcengine::In<{}>", type);
  const auto arguments = [&](const char* doc) {
    return fmt::format("this, \"{}\", \"{}\"", port.name, doc);
  };
  switch (port.mode) {
    case InputMode::trigger:
      return member(in + ' ' + port.name, arguments("What comes in"));
    case InputMode::latest:
      return member(fmt::format("vcengine::Latest<{}> {}", type, port.name),
                    arguments("Read at its newest value"));
    case InputMode::optional:
      return member(fmt::format("vcengine::Optional<{}> {}", in, port.name),
                    arguments("What comes in, if it is wired"));
    case InputMode::many:
      break;
  }
  return member(fmt::format("vcengine::Inputs<{}> {}", type, port.name),
                arguments("What comes in, on any number of wires"));
}

std::string output_member(const NewPort& port) {
  const auto same_as =
      port.same_as.empty() ? std::string() : fmt::format(" {{\"{}\"}},", port.same_as);
  return member(fmt::format("vcengine::Out<{}> {}", port.type.cpp(), port.name),
                fmt::format("this, \"{}\",{} \"What comes out\"", port.name, same_as));
}

std::string param_member(const NewParam& param) {
  return member(
      fmt::format("vcengine::Param<{}> {}", param.cpp(), param.info.name),
      fmt::format("this, \"{}\", {}, {}", param.info.name, param.spec(), cpp_text(param.info.doc)));
}

bool has_pictures(const std::vector<NewPort>& ports) {
  return std::ranges::any_of(ports, [](const NewPort& port) { return port.type.is_picture(); });
}

std::string includes(const NewBlock& block, const ProcessCode& code) {
  auto headers = code.headers;
  if (!code.last_seen.empty()) headers.insert("string");
  const bool pictures = has_pictures(block.inputs) || has_pictures(block.outputs);
  if (pictures) headers.insert(code.needs_imgproc ? "opencv2/imgproc.hpp" : "opencv2/core.hpp");
  headers.insert("vcengine/block.hpp");
  if (pictures) headers.insert("vcengine/image.hpp");
  for (const auto& param : block.params) {
    if (param.info.kind == ParamKind::duration) headers.insert("chrono");
    if (param.info.kind == ParamKind::text) headers.insert("string");
    if (param.cpp() == "std::int64_t") headers.insert("cstdint");
  }
  const auto uses_integers = [](const NewPort& port) {
    return port.type.element.cpp.starts_with("std::");
  };
  if (code.counts || std::ranges::any_of(block.inputs, uses_integers) ||
      std::ranges::any_of(block.outputs, uses_integers)) {
    headers.insert("cstdint");
  }
  const auto is_many = [](const NewPort& port) { return port.mode == InputMode::many; };
  if (std::ranges::any_of(block.inputs, is_many)) headers.insert("cstddef");
  std::string lines;
  for (const auto& header : headers) lines += fmt::format("#include <{}>\n", header);
  return lines;
}

std::string private_members(const ProcessCode& code) {
  std::string members;
  if (!code.last_seen.empty())
    members += fmt::format("  double {}() const {{ return last_; }}\n", code.last_seen);
  if (code.counts || !code.last_seen.empty()) members += "\n private:\n";
  if (!code.last_seen.empty()) members += "  double last_ = 0;\n";
  if (code.counts) members += "  std::int64_t count_ = 0;  // frames made\n";
  return members.empty() ? "" : "\n" + members.substr(members.starts_with('\n') ? 1 : 0);
}

}  // namespace

std::string block_source(const NewBlock& block) {
  const auto code = process_code(block);
  const auto name = class_name(block.name);
  auto text = includes(block, code) + fmt::format("\nstruct {} final : vcengine::Block {{\n", name);
  for (const auto& port : block.inputs) text += input_member(port);
  for (const auto& port : block.outputs) text += output_member(port);
  for (const auto& param : block.params) text += param_member(param);

  text += "\n  void process() override {\n";
  for (const auto& line : code.lines) text += "    " + line + "\n";
  text += "  }\n";
  if (!code.last_seen.empty()) {
    text +=
        "\n  void stop() override { vcengine::log_info(\"the last was \" + std::to_string(last_)); "
        "}\n";
  }
  text += private_members(code) + "};\n\n";

  const auto call =
      fmt::format("registry.add<{}>(\"{}\", {});", name, block.type(), cpp_text(block.doc));
  const auto line = fmt::format("VCENGINE_PLUGIN(registry) {{ {} }}\n", call);
  return text + (line.size() <= kLineWidth + 1
                     ? line
                     : fmt::format("VCENGINE_PLUGIN(registry) {{\n  {}\n}}\n", call));
}

}  // namespace vcengine
