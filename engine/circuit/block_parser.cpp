#include "engine/circuit/block_parser.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/circuit/plain_value.hpp"
#include "engine/circuit/resources_parser.hpp"
#include "engine/circuit/supervision_parser.hpp"
#include "engine/circuit/sync_parser.hpp"

namespace vcengine {
namespace {

constexpr std::size_t kMostBlocks = 512;  // each is a process
constexpr std::size_t kMostParams = 256;
constexpr int kMostThreads = 256;
constexpr std::int64_t kHighestRate = 1'000'000;

/// What a block and `defaults:` can both say.
struct Settings {
  std::optional<std::string> type;
  std::vector<ParamSetting> params;
  std::optional<double> rate_hz;
  std::optional<bool> live;
  std::optional<int> threads;
  std::optional<SyncSpec> sync;
  std::vector<SupervisionSetting> supervision;
  ResourcesSpec resources;
  Place type_place, rate_place, live_place;
};

std::optional<std::string> parse_type(const YamlNode& node, NodeReader& reader) {
  auto type = reader.text(node, "'type'", "a block type such as vision.edge_detector");
  if (!type) return std::nullopt;
  if (type->ends_with(".yaml") || type->ends_with(".yml")) {
    reader.error(node.place, "a circuit as a block is not supported yet: " + in_quotes(*type));
    return std::nullopt;
  }
  const auto dot = std::min(type->find('.'), type->size());
  if (is_name(type->substr(0, dot)) && dot < type->size() && is_name(type->substr(dot + 1)))
    return type;
  reader.error(node.place,
               in_quotes(*type) +
                   " is no block type; a type is 'family.name', such as vision.edge_detector");
  return std::nullopt;
}

std::vector<ParamSetting> parse_params(const YamlNode& node, NodeReader& reader) {
  std::vector<ParamSetting> params;
  const auto entries = reader.entries(node, "'params'", "a map such as {low: 50}");
  if (entries.size() > kMostParams) {
    reader.error(node.place, "a block can have at most " + std::to_string(kMostParams) + " params");
    return params;
  }
  for (const auto* entry : entries) {
    const auto& [key, value] = *entry;
    if (!reader.require_name(key.text, key.place)) continue;
    auto text = reader.text(value, '\'' + key.text + '\'', "one value");
    if (!text) continue;
    // Quotes mean text; but around a variable YAML may have required them.
    const bool is_text = value.quoted && *text == value.text;
    params.push_back({.name = key.text,
                      .value = is_text ? ParamValue(*text) : plain_value(*text),
                      .place = value.place,
                      .name_place = key.place,
                      .text = *text});
  }
  return params;
}

std::optional<int> parse_threads(const YamlNode& node, NodeReader& reader) {
  if (node.text == "auto") return 0;
  const auto count = reader.integer(node, "'threads'", 1, kMostThreads);
  if (!count) return std::nullopt;
  return static_cast<int>(*count);
}

Settings parse_settings(const YamlNode& node, const std::string& what, NodeReader& reader) {
  Settings settings;
  std::vector<std::string> known = {"type", "params", "rate", "live", "threads", "cpu",
                                    "nice", "memory", "env",  "cwd",  "sync"};
  known.insert(known.end(), supervision_keys().begin(), supervision_keys().end());
  for (const auto* entry : reader.entries(node, what, "a map such as {type: io.camera}", known)) {
    const auto& [key, value] = *entry;
    if (key.text == "type") {
      settings.type = parse_type(value, reader).value_or("");  // "": reported already
      settings.type_place = value.place;
    } else if (key.text == "params") {
      settings.params = parse_params(value, reader);
    } else if (key.text == "rate") {
      settings.rate_hz = reader.positive(value, "'rate' (calls a second)", kHighestRate);
      settings.rate_place = value.place;
    } else if (key.text == "live") {
      settings.live = reader.boolean(value, "'live'");
      settings.live_place = value.place;
    } else if (key.text == "threads") {
      settings.threads = parse_threads(value, reader);
    } else if (key.text == "sync") {
      settings.sync = parse_sync(value, reader);
    } else if (std::ranges::find(supervision_keys(), key.text) != supervision_keys().end()) {
      settings.supervision.push_back(parse_supervision(key.text, value, reader));
    } else {
      parse_resource(*entry, settings.resources, reader);
    }
  }
  return settings;
}

/// A default of rate, live or params is left to the check, which knows what the block's type can
/// have.
BlockSpec make_block(const YamlNode& name, Settings settings, const BlockDefaults& defaults) {
  const bool has_type = settings.type.has_value();
  BlockSpec block;
  block.name = name.text;
  block.place = name.place;
  block.type = has_type ? *settings.type : defaults.type;
  block.type_place = has_type ? settings.type_place : defaults.type_place;
  block.params = std::move(settings.params);
  block.rate_hz = settings.rate_hz;
  block.rate_place = settings.rate_place;
  block.live = settings.live;
  block.live_place = settings.live_place;
  block.threads = settings.threads ? *settings.threads : defaults.threads.value_or(1);
  block.sync = settings.sync ? settings.sync : defaults.sync;
  block.supervision = defaults.supervision;
  for (const auto& say : settings.supervision) say(block.supervision);
  block.resources = with_defaults(std::move(settings.resources), defaults.resources);
  return block;
}

}  // namespace

std::vector<BlockSpec> parse_blocks(const YamlNode& node, Place key_place,
                                    const BlockDefaults& defaults, NodeReader& reader) {
  std::vector<BlockSpec> blocks;
  const auto entries =
      reader.entries(node, "'blocks'", "a map such as {camera: {type: io.camera}}");
  if (node.kind == YamlNode::Kind::null ||
      (node.kind == YamlNode::Kind::map && node.entries.empty())) {
    reader.error(key_place, "'blocks' is empty; a circuit needs a block");
  }
  if (entries.size() > kMostBlocks) {
    reader.error(entries[kMostBlocks]->key.place,
                 "a circuit can have at most " + std::to_string(kMostBlocks) + " blocks");
    return blocks;
  }
  for (const auto* entry : entries) {
    const auto& [key, value] = *entry;
    const auto errors_before = reader.error_count();
    reader.require_name(key.text, key.place);
    blocks.push_back(
        make_block(key, parse_settings(value, "block " + in_quotes(key.text), reader), defaults));
    if (blocks.back().type_place.line == 0 && reader.error_count() == errors_before) {
      reader.error(key.place, "block " + in_quotes(key.text) + " needs a 'type'");
    }
  }
  return blocks;
}

BlockDefaults parse_defaults(const YamlNode& node, NodeReader& reader) {
  auto settings = parse_settings(node, "'defaults'", reader);
  if (settings.sync) settings.sync->from_defaults = true;
  Supervision supervision;
  for (const auto& say : settings.supervision) say(supervision);
  return {.type = settings.type.value_or(""),
          .params = std::move(settings.params),
          .rate_hz = settings.rate_hz,
          .live = settings.live,
          .threads = settings.threads,
          .sync = settings.sync,
          .supervision = supervision,
          .resources = std::move(settings.resources),
          .type_place = settings.type_place};
}

}  // namespace vcengine
