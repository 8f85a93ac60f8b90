#include "engine/circuit/resources_parser.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "engine/control/byte_size.hpp"
#include "engine/control/cores.hpp"

namespace vcengine {
namespace {

constexpr int kLowestNice = -20;
constexpr int kHighestNice = 19;
constexpr std::size_t kMostVariables = 256;

constexpr std::string_view kCores = "cores such as 2, 0-3 or [0, 2]";

std::optional<int> parse_core(std::string_view text) {
  int core = 0;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, core);
  if (error != std::errc() || stop != end || core < 0 || core >= kMostCores) return std::nullopt;
  return core;
}

/// "2" or "0-3"
std::optional<CoreRange> parse_core_range(std::string_view text, Place place) {
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = parse_core(text.substr(0, dash));
  const auto last = dash == text.size() ? first : parse_core(text.substr(dash + 1));
  if (!first || !last || *first > *last) return std::nullopt;
  return CoreRange{.first = *first, .last = *last, .place = place};
}

/// A variable of the environment may hold several, as `taskset` takes them: 0,2-3.
void parse_cores(const YamlNode& node, std::vector<CoreRange>& cores, NodeReader& reader) {
  const auto written = reader.text(node, "'cpu'", kCores);
  if (!written) return;
  for (std::string_view left = *written;;) {
    const auto comma = std::min(left.find(','), left.size());
    const auto range = parse_core_range(left.substr(0, comma), node.place);
    if (!range) {
      reader.error(node.place,
                   "'cpu' must be " + std::string(kCores) + ", not " + in_quotes(*written));
      return;
    }
    cores.push_back(*range);
    if (comma == left.size()) return;
    left.remove_prefix(comma + 1);
  }
}

std::vector<CoreRange> parse_cpu(const YamlNode& node, NodeReader& reader) {
  std::vector<CoreRange> cores;
  if (node.kind != YamlNode::Kind::sequence) {
    parse_cores(node, cores, reader);
    return cores;
  }
  if (node.items.empty()) {
    reader.error(node.place,
                 "'cpu' is an empty list; leave it out for a block that may run anywhere");
  }
  for (const auto& item : node.items) parse_cores(item, cores, reader);
  return cores;
}

std::optional<std::uint64_t> parse_memory(const YamlNode& node, NodeReader& reader) {
  constexpr std::string_view kExample = "a size above 0, such as 512MB";
  const auto text = reader.text(node, "'memory'", kExample);
  if (!text) return std::nullopt;
  const auto size = parse_size(*text);
  if (size && *size > 0) return size;
  reader.error(node.place,
               "'memory' must be " + std::string(kExample) + ", not " + in_quotes(*text));
  return std::nullopt;
}

/// What is wrong with the name of a variable; empty if nothing is.
std::string problem_of_variable(const std::string& name) {
  if (name.empty()) return "a variable of the environment needs a name";
  if (name.find('=') != std::string::npos || name.find('\0') != std::string::npos) {
    return in_quotes(name) + " is no name of a variable: it has a '=' or a zero byte in it";
  }
  // The worker would not do what the host takes it to do; but how much one block logs is its own.
  if (name.starts_with("VCENGINE_") && name != "VCENGINE_LOG") {
    return in_quotes(name) +
           " is a variable of vcengine and not of one block; set it where vcengine is started";
  }
  return {};
}

std::map<std::string, std::string> parse_env(const YamlNode& node, NodeReader& reader) {
  std::map<std::string, std::string> variables;
  const auto entries = reader.entries(node, "'env'", "a map such as {OMP_NUM_THREADS: 2}");
  if (entries.size() > kMostVariables) {
    reader.error(node.place,
                 "a block can have at most " + std::to_string(kMostVariables) + " variables");
    return variables;
  }
  for (const auto* entry : entries) {
    const auto& [key, value] = *entry;
    if (const auto problem = problem_of_variable(key.text); !problem.empty()) {
      reader.error(key.place, problem);
      continue;
    }
    auto text = reader.text(value, in_quotes(key.text), "one value");
    if (!text) continue;
    if (text->find('\0') == std::string::npos) {
      variables.emplace(key.text, std::move(*text));
    } else {
      reader.error(value.place, "the value of a variable can have no zero byte in it");
    }
  }
  return variables;
}

std::string parse_cwd(const YamlNode& node, NodeReader& reader) {
  auto folder = reader.text(node, "'cwd'", "a folder");
  if (!folder) return {};
  if (!folder->empty() && folder->find('\0') == std::string::npos) return std::move(*folder);
  reader.error(node.place, "'cwd' must be a folder, not " + in_quotes(*folder));
  return {};
}

}  // namespace

void parse_resource(const YamlEntry& entry, ResourcesSpec& resources, NodeReader& reader) {
  const auto& [key, value] = entry;
  if (key.text == "cpu") {
    resources.cpu = parse_cpu(value, reader);
  } else if (key.text == "nice") {
    const auto nice = reader.integer(value, "'nice'", kLowestNice, kHighestNice);
    if (nice) resources.nice = static_cast<int>(*nice);
  } else if (key.text == "memory") {
    resources.memory = parse_memory(value, reader);
  } else if (key.text == "env") {
    resources.env = parse_env(value, reader);
  } else {
    resources.cwd = parse_cwd(value, reader);
    resources.cwd_place = value.place;
  }
}

ResourcesSpec with_defaults(ResourcesSpec own, const ResourcesSpec& defaults) {
  if (own.cpu.empty()) own.cpu = defaults.cpu;
  if (!own.nice) own.nice = defaults.nice;
  if (!own.memory) own.memory = defaults.memory;
  own.env.insert(defaults.env.begin(), defaults.env.end());
  if (own.cwd.empty()) {
    own.cwd = defaults.cwd;
    own.cwd_place = defaults.cwd_place;
  }
  return own;
}

}  // namespace vcengine
