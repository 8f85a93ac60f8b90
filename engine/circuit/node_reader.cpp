#include "engine/circuit/node_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <utility>

#include "engine/circuit/plain_value.hpp"
#include "engine/control/nearest_word.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {
namespace {

std::string must_be(std::string_view what, std::string_view example, const YamlNode& found) {
  return std::string(what) + " must be " + std::string(example) + ", not " + kind_name(found);
}

}  // namespace

void NodeReader::error(Place place, std::string message) {
  errors_.add(source_.error_at(place, std::move(message)));
}

std::optional<std::string> NodeReader::text(const YamlNode& node, std::string_view what,
                                            std::string_view example) {
  if (node.kind != YamlNode::Kind::scalar) {
    error(node.place, must_be(what, example, node));
    return std::nullopt;
  }
  try {
    return replace_variables(node.text, environment_);
  } catch (const ReplacementError& failure) {
    error(node.place, failure.what());
    return std::nullopt;
  }
}

std::optional<double> NodeReader::positive(const YamlNode& node, std::string_view what,
                                           std::int64_t most) {
  const auto example = "a number above 0 and at most " + std::to_string(most);
  const auto written = text(node, what, example);
  if (!written) return std::nullopt;
  const auto value = plain_value(*written);
  const auto* integer = std::get_if<std::int64_t>(&value);
  const auto* real = std::get_if<double>(&value);
  const double number = integer != nullptr ? static_cast<double>(*integer)
                        : real != nullptr  ? *real
                                           : 0;
  if (number > 0 && number <= static_cast<double>(most)) return number;
  error(node.place, std::string(what) + " must be " + example + ", not " + in_quotes(*written));
  return std::nullopt;
}

std::optional<std::int64_t> NodeReader::integer(const YamlNode& node, std::string_view what,
                                                std::int64_t least, std::int64_t most) {
  const auto example =
      "an integer in [" + std::to_string(least) + ", " + std::to_string(most) + "]";
  const auto written = text(node, what, example);
  if (!written) return std::nullopt;
  const auto value = plain_value(*written);
  const auto* number = std::get_if<std::int64_t>(&value);
  if (number != nullptr && *number >= least && *number <= most) return *number;
  error(node.place, std::string(what) + " must be " + example + ", not " + in_quotes(*written));
  return std::nullopt;
}

std::optional<bool> NodeReader::boolean(const YamlNode& node, std::string_view what) {
  const auto written = text(node, what, "true or false");
  if (!written) return std::nullopt;
  const auto value = plain_value(*written);
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean;
  error(node.place, std::string(what) + " must be true or false, not " + in_quotes(*written));
  return std::nullopt;
}

std::optional<std::size_t> NodeReader::word(const YamlNode& node, const std::string& key,
                                            const std::vector<std::string>& words) {
  const auto listed = [&](std::string_view last) {  // "never, on_failure or always"
    return fmt::format("{} {} {}", fmt::join(words.begin(), words.end() - 1, ", "), last,
                       words.back());
  };
  const auto written = text(node, '\'' + key + '\'', listed("or"));
  if (!written) return std::nullopt;
  if (const auto found = std::ranges::find(words, *written); found != words.end()) {
    return static_cast<std::size_t>(found - words.begin());
  }
  const auto hint = did_you_mean(*written, words);
  error(node.place, "no " + key + ' ' + in_quotes(*written) +
                        (hint.empty() ? "; there are " + listed("and") : hint));
  return std::nullopt;
}

bool NodeReader::require_name(const std::string& name, Place place) {
  if (is_name(name)) return true;
  error(place,
        in_quotes(name) +
            " is no name: a name begins with a letter a-z, goes on with a-z, 0-9 and '_', and has "
            "at most 64 characters");
  return false;
}

std::vector<const YamlEntry*> NodeReader::entries(const YamlNode& node, std::string_view what,
                                                  std::string_view example) {
  if (node.kind == YamlNode::Kind::null) return {};
  if (node.kind != YamlNode::Kind::map) {
    error(node.place, must_be(what, example, node));
    return {};
  }
  std::vector<const YamlEntry*> result;
  std::map<std::string_view, const YamlEntry*> seen;
  for (const auto& entry : node.entries) {
    if (entry.key.kind != YamlNode::Kind::scalar) {
      error(entry.key.place, "a name is expected here, not " + kind_name(entry.key));
    } else if (const auto [first, is_new] = seen.try_emplace(entry.key.text, &entry); is_new) {
      result.push_back(&entry);
    } else {
      error(entry.key.place, "a second " + in_quotes(entry.key.text) +
                                 "; the first one is in line " +
                                 std::to_string(first->second->key.place.line));
    }
  }
  return result;
}

std::vector<const YamlEntry*> NodeReader::entries(const YamlNode& node, std::string_view what,
                                                  std::string_view example,
                                                  const std::vector<std::string>& known) {
  auto result = entries(node, what, example);
  std::erase_if(result, [&](const YamlEntry* entry) {
    const auto& key = entry->key.text;
    if (std::find(known.begin(), known.end(), key) != known.end()) return false;
    auto hint = did_you_mean(key, known);
    if (hint.empty()) hint = "; there can be " + join(known);
    error(entry->key.place, std::string(what) + " has no key " + in_quotes(key) + hint);
    return true;
  });
  return result;
}

Place NodeReader::place_inside(const YamlNode& scalar, std::size_t offset,
                               std::string_view part) const {
  const auto index = static_cast<std::size_t>(scalar.place.line) - 1;
  if (index >= source_.lines.size()) return scalar.place;
  const std::string_view line = source_.lines[index];
  const auto characters = split_characters(line);
  auto at = static_cast<std::size_t>(scalar.place.column) - 1 + offset + (scalar.quoted ? 1 : 0);
  // Escapes, `${…}` and several lines move the text away from its source: then the whole scalar it
  // is.
  if (at > characters.size()) return scalar.place;
  std::size_t byte = 0;
  for (std::size_t i = 0; i < at; ++i) byte += characters[i].size();
  if (!line.substr(byte).starts_with(part)) return scalar.place;
  return {.line = scalar.place.line, .column = static_cast<int>(at) + 1};
}

}  // namespace vcengine
