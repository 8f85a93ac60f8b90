#include "engine/commands/block_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vcengine {

namespace {

template <class Items, class Name>
std::size_t widest(const Items& items, Name name) {
  std::size_t width = 0;
  for (const auto& item : items) width = std::max(width, name(item).size());
  return width;
}

std::string shown(const ParamInfo& param, const ParamValue& value) {
  if (param.kind == ParamKind::duration) return format_duration(std::get<std::int64_t>(value));
  return to_string(value);
}

std::string range(const ParamInfo& param) {
  if (!param.choices.empty()) return fmt::format("{}", fmt::join(param.choices, " | "));
  if (!param.min && !param.max) return "";
  return fmt::format("{}..{}", param.min ? shown(param, *param.min) : "",
                     param.max ? shown(param, *param.max) : "");
}

std::string port_notes(const PortInfo& port) {
  std::string notes;
  if (port.role == PortRole::latest) notes += " (latest value)";
  if (port.optional) notes += " (optional)";
  if (port.many) notes += " (any number)";
  if (port.delayed > 0) notes += fmt::format(" (up to {} frames late)", port.delayed);
  if (!port.same_as.empty()) notes += fmt::format(" (the type of '{}')", port.same_as);
  return notes;
}

void add_ports(std::string& text, std::string_view title, const BlockInfo& info, bool outputs) {
  std::vector<PortInfo> ports;
  std::ranges::copy_if(info.ports, std::back_inserter(ports), [&](const PortInfo& port) {
    return (port.role == PortRole::out) == outputs;
  });
  if (ports.empty()) return;
  text += fmt::format("  {}\n", title);
  const auto names =
      widest(ports, [](const PortInfo& port) { return std::string_view(port.name); });
  const auto types =
      widest(ports, [](const PortInfo& port) { return std::string_view(port.type); });
  for (const auto& port : ports) {
    text += fmt::format("    {:<{}}  {:<{}}  {}{}\n", port.name, names, port.type, types, port.doc,
                        port_notes(port));
    for (const auto& field : port.fields) {
      text += fmt::format("    {:<{}}    .{} ({})\n", "", names, field.name, field.type);
    }
  }
}

void add_params(std::string& text, const BlockInfo& info) {
  if (info.params.empty()) return;
  text += "  settings\n";
  const auto names =
      widest(info.params, [](const ParamInfo& param) { return std::string_view(param.name); });
  for (const auto& param : info.params) {
    const auto init = shown(param, param.init);
    const auto limits = range(param);
    text += fmt::format("    {:<{}}  {}{} = {}\n    {:<{}}    {}\n", param.name, names,
                        to_string(param.kind), limits.empty() ? "" : " " + limits,
                        init.empty() ? "\"\"" : init, "", names, param.doc);
  }
}

void add_states(std::string& text, const BlockInfo& info) {
  if (info.states.empty()) return;
  text += "  kept for a successor\n";
  const auto names =
      widest(info.states, [](const StateInfo& state) { return std::string_view(state.name); });
  for (const auto& state : info.states) {
    text += fmt::format("    {:<{}}  {}, {} bytes\n", state.name, names, state.type, state.size);
  }
}

}  // namespace

std::string type_list(std::span<const CatalogEntry> entries) {
  const auto width =
      widest(entries, [](const CatalogEntry& entry) { return std::string_view(entry.info.type); });
  std::string text;
  for (const auto& entry : entries) {
    text += fmt::format("{:<{}}  {}\n", entry.info.type, width, entry.info.doc);
  }
  return text;
}

std::string block_text(const CatalogEntry& entry) {
  const auto& info = entry.info;
  auto text = fmt::format("{}\n  {}\n  {}\n", info.type, info.doc, entry.plugin.string());
  if (info.traits.live) text += "  live: its frames come when they come\n";
  if (info.dynamic) text += "  its ports depend on its settings; these are those of the defaults\n";
  add_ports(text, "inputs", info, false);
  add_ports(text, "outputs", info, true);
  add_params(text, info);
  add_states(text, info);
  return text;
}

}  // namespace vcengine
