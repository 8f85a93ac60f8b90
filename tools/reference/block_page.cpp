#include "tools/reference/block_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/refusal.hpp"
#include "tools/common/setting_text.hpp"
#include "tools/reference/block_picture.hpp"
#include "tools/reference/example_circuit.hpp"
#include "tools/reference/markdown_text.hpp"
#include "vcengine/name.hpp"

namespace vcengine {
namespace {

bool is_output(const PortInfo& port) { return port.role == PortRole::out; }

std::string notes(const PortInfo& port) {
  std::vector<std::string> notes;
  if (port.role == PortRole::latest) notes.emplace_back("read at its newest value, never triggers");
  if (port.optional) notes.emplace_back("may stay unwired");
  if (port.many) notes.emplace_back("takes any number of wires");
  if (port.delayed > 0) notes.emplace_back("published later than its trigger");
  if (!port.same_as.empty()) notes.push_back("has the type of " + markdown_code(port.same_as));
  std::vector<std::string> fields;
  for (const auto& field : port.fields) {
    fields.push_back(fmt::format("{} {}", markdown_code(field.name), markdown(field.type)));
  }
  if (!fields.empty()) notes.push_back("fields: " + join(fields));
  return join(notes, "; ");
}

/// A table of the inputs or outputs; nothing if there are none. Notes have a column if there are
/// any.
std::string port_table(const BlockInfo& block, bool outputs) {
  std::vector<PortInfo> ports;
  std::ranges::copy_if(block.ports, std::back_inserter(ports),
                       [&](const PortInfo& port) { return is_output(port) == outputs; });
  if (ports.empty()) return {};
  const bool noted =
      std::ranges::any_of(ports, [](const PortInfo& port) { return !notes(port).empty(); });
  const auto* const title = outputs ? "Output" : "Input";
  auto table = fmt::format("## {0}s\n\n| {0} | Type | What |{1}\n|---|---|---|{2}\n", title,
                           noted ? " Notes |" : "", noted ? "---|" : "");
  for (const auto& port : ports) {
    table += fmt::format("| {} | {} | {} |{}\n", markdown_code(port.name), markdown_code(port.type),
                         markdown(port.doc), noted ? fmt::format(" {} |", notes(port)) : "");
  }
  return table + '\n';
}

std::string code_of(const ParamInfo& param, const ParamValue& value) {
  return markdown_code(in_circuit(param, value));
}

std::string allowed(const ParamInfo& param) {
  std::vector<std::string> choices;
  for (const auto& choice : param.choices) choices.push_back(code_of(param, choice));
  if (!choices.empty()) return join(choices);
  const bool least = param.min && is_chosen(*param.min);
  const bool most = param.max && is_chosen(*param.max);
  if (least && most) return code_of(param, *param.min) + " to " + code_of(param, *param.max);
  if (least) return "from " + code_of(param, *param.min);
  if (most) return "up to " + code_of(param, *param.max);
  return {};
}

std::string setting_table(const BlockInfo& block) {
  if (block.params.empty()) return {};
  std::string rows;
  for (const auto& param : block.params) {
    auto init = code_of(param, param.init);
    if (init.empty()) init = markdown(to_string(param.init));
    rows += fmt::format("| {} | {} | {} | {} | {} |\n", markdown_code(param.name),
                        to_string(param.kind), allowed(param), init, markdown(param.doc));
  }
  return "## Settings\n\n| Setting | Kind | Allowed | Default | What |\n|---|---|---|---|---|\n" +
         rows + '\n';
}

std::string traits(const BlockInfo& block) {
  const auto has = [&](PortRole role) {
    return std::ranges::any_of(block.ports,
                               [&](const PortInfo& port) { return port.role == role; });
  };
  std::string items;
  const auto say = [&](std::string_view item) { items += fmt::format("- {}\n", item); };
  if (!has(PortRole::in) && !has(PortRole::latest)) say("A source: it has no inputs.");
  if (!has(PortRole::in) && has(PortRole::latest)) {
    say("Its inputs never trigger it: the circuit says how often it runs, with `rate:`.");
  }
  if (!has(PortRole::out)) say("A sink: it has no outputs.");
  if (block.traits.live) {
    say("Live: its frames come when they come. Where the circuit is too slow they are dropped, and "
        "counted, rather than kept until they are old; `live: false` in the circuit changes that.");
  }
  if (block.traits.window) {
    say("Shows a window where there is a display; sources then keep to their own rate unless "
        "`--fast` is given.");
  }
  if (!block.traits.deterministic) {
    say("Not deterministic: equal inputs and settings may give different outputs.");
  }
  if (block.dynamic) {
    say("Its ports depend on its settings; these are the ones that it has with the defaults.");
  }
  std::vector<std::string> kept;
  for (const auto& state : block.states) kept.push_back(markdown_code(state.name));
  if (!kept.empty()) say("Keeps for a successor, should its process die: " + join(kept) + ".");
  return items.empty() ? "" : "## Good to know\n\n" + items + '\n';
}

std::string result(const BlockInfo& block, const ResultFiles& files) {
  if (files.picture.empty()) return {};
  std::vector<std::string> shown;
  for (const bool outputs : {false, true}) {
    for (const auto& port : block.ports) {
      if (is_output(port) == outputs && port.type.starts_with("image")) {
        shown.push_back((outputs ? "output " : "input ") + markdown_code(port.name));
      }
    }
  }
  auto text = fmt::format("![What it does, in pictures]({})\n\n", files.picture);
  if (!shown.empty())
    text += (shown.size() > 1 ? "From left to right: " : "This is ") + join(shown);
  if (!files.circuit.empty()) {
    text += fmt::format("{}made by [{}]({})", shown.empty() ? "" : "; ", markdown(files.circuit),
                        files.circuit);
  }
  return text.ends_with('\n') ? text : text + ".\n\n";
}

std::string example(const BlockInfo& block) {
  const auto circuit = example_circuit(block);
  auto text = fmt::format("## Example\n\n```yaml\n{}```\n\n", circuit.text);
  if (!circuit.unfed.empty()) {
    text += fmt::format(
        "Wires are missing: no block that comes with vcengine sends what {} can take beside the "
        "rest.\n\n",
        circuit.unfed);
  }
  return text;
}

}  // namespace

std::filesystem::path page_of(const std::string& type) {
  if (!detail::is_dotted_name(type)) {
    throw Refusal(fmt::format("'{}' is no name of a block type; one is like vision.edge_detector",
                              markdown(type)));
  }
  auto path = type;
  std::ranges::replace(path, '.', '/');
  return path;
}

std::string block_page(const BlockInfo& block, const std::string& picture,
                       const ResultFiles& results) {
  auto page = fmt::format("# {}\n\n", markdown(block.type));
  if (!block.doc.empty()) page += markdown_sentence(block.doc) + "\n\n";
  page += fmt::format("![{}]({})\n\n", markdown(picture_in_words(block)), picture);
  page += result(block, results) + port_table(block, false) + port_table(block, true) +
          setting_table(block) + traits(block) + example(block);
  return page + fmt::format(
                    "---\n\n{} from the declaration of {}: what is wrong here is put right in the "
                    "block's source.\n",
                    kPageMark, markdown_code(block.type));
}

}  // namespace vcengine
