#include "engine/yaml_document.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace vcengine {
namespace {

/// A few anchors that refer to each other can stand for billions of nodes.
constexpr std::size_t kMostNodes = 100'000;
/// A circuit needs five. yaml-cpp itself gives up at 500, before it overflows the stack.
constexpr std::size_t kDeepest = 32;

[[noreturn]] void refuse(const SourceText& source, Place place, std::string message) {
  throw CircuitError(source.error_at(place, std::move(message)));
}

/// Where a quote that opens at the start of `text` is closed; npos: nowhere.
std::size_t closing_quote(std::string_view text) {
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 == text.size() || text[i + 1] != quote) return i;
      ++i;  // '' is a literal quote
    }
  }
  return std::string_view::npos;
}

/// Copies yaml-cpp's tree, whose nodes may be shared, into ours.
class Converter {
 public:
  explicit Converter(const SourceText& source) : source_(source) {}

  YamlNode convert(const YAML::Node& from, std::size_t depth = 0) {
    YamlNode node;
    const auto mark = from.Mark();
    if (!mark.is_null()) {
      node.place =
          source_.place(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column));
    }
    if (depth > kDeepest) refuse(source_, node.place, "nested too deeply for a circuit file");
    if (++count_ > kMostNodes)
      refuse(source_, node.place, "more values than a circuit file can have");
    if (from.IsScalar()) {
      node.kind = YamlNode::Kind::scalar;
      node.text = from.Scalar();
      node.quoted = from.Tag() == "!" || from.Tag() == "tag:yaml.org,2002:str";
      check_quotes(mark, node);
    } else if (from.IsSequence()) {
      node.kind = YamlNode::Kind::sequence;
      for (const auto& item : from) node.items.push_back(convert(item, depth + 1));
    } else if (from.IsMap()) {
      node.kind = YamlNode::Kind::map;
      for (const auto& entry : from) {
        auto key = convert(entry.first, depth + 1);
        node.entries.push_back({std::move(key), convert(entry.second, depth + 1)});
      }
    }
    return node;
  }

 private:
  /// yaml-cpp takes the end of the file for a closing quote, so a truncated file would pass.
  void check_quotes(const YAML::Mark& mark, const YamlNode& node) const {
    const auto begin = static_cast<std::size_t>(std::max(mark.pos, 0));
    if (!node.quoted || begin >= source_.text.size()) return;
    const auto rest = std::string_view(source_.text).substr(begin);
    if (rest.front() != '"' && rest.front() != '\'') return;
    if (closing_quote(rest) == std::string_view::npos) {
      refuse(source_, node.place, "this quote is never closed");
    }
  }

  const SourceText& source_;
  std::size_t count_ = 0;
};

/// The first `${…}` of a line that is not in quotes; as an offset.
std::size_t find_unquoted_variable(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool starts_word =
        i == 0 || std::string_view(" \t{[,:").find(line[i - 1]) != std::string_view::npos;
    if (quote != 0) {
      if (line[i] == quote) quote = 0;
    } else if ((line[i] == '"' || line[i] == '\'') && starts_word) {
      quote = line[i];
    } else if (line.substr(i).starts_with("${")) {
      return i;
    }
  }
  return std::string_view::npos;
}

/// Inside {} and [] YAML reads the brace of an unquoted ${NAME} as the start of a map: the
/// commonest slip in a circuit file, and yaml-cpp's words for it ("end of map flow not found") help
/// nobody.
void refuse_unquoted_variable(const SourceText& source, const YAML::Mark& mark) {
  const auto line_index = static_cast<std::size_t>(mark.line);
  const std::string_view line = source.lines[line_index];
  const auto at = find_unquoted_variable(line);
  if (at == std::string_view::npos || static_cast<std::size_t>(mark.column) < at) return;
  const auto length = line.find('}', at) - at;
  const auto variable =
      std::string(line.substr(at, length == std::string_view::npos - at ? length : length + 1));
  refuse(source, source.place(line_index, at),
         "inside {} or [] a variable must be in quotes: \"" + variable + '"');
}

/// yaml-cpp's few messages for common slips, in words that say what to do.
std::string in_words(const YAML::ParserException& error) {
  using Pair = std::pair<std::string_view, std::string_view>;
  const Pair words[] = {
      {YAML::ErrorMsg::END_OF_MAP_FLOW, "a '{' is not closed, or a comma is missing in it"},
      {YAML::ErrorMsg::END_OF_SEQ_FLOW, "a '[' is not closed, or a comma is missing in it"},
      {YAML::ErrorMsg::END_OF_MAP, "unexpected here; check the indentation"},
      {YAML::ErrorMsg::END_OF_SEQ, "unexpected here; check the indentation"},
      {YAML::ErrorMsg::MAP_VALUE,
       "a ':' is not possible here; check the indentation, or put the text in quotes"},
      {YAML::ErrorMsg::BLOCK_ENTRY, "a '-' is not possible here; indent with spaces, not tabs"},
      {YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin like this; put it in quotes"},
      {YAML::ErrorMsg::UNKNOWN_ANCHOR, "no anchor of this name"},
  };
  if (dynamic_cast<const YAML::DeepRecursion*>(&error) != nullptr) {
    return "nested too deeply for a circuit file";
  }
  const auto* found = std::find_if(std::begin(words), std::end(words), [&](const Pair& pair) {
    return error.msg.starts_with(pair.first);
  });
  return "not valid YAML: " + (found != std::end(words) ? std::string(found->second) : error.msg);
}

std::vector<YAML::Node> load(const SourceText& source) {
  try {
    return YAML::LoadAll(source.text);
  } catch (const YAML::ParserException& error) {
    const auto& mark = error.mark;
    if (mark.is_null()) refuse(source, Place{}, in_words(error));
    const auto line = static_cast<std::size_t>(mark.line);
    if (line < source.lines.size()) {
      refuse_unquoted_variable(source, mark);
      const std::string_view text = source.lines[line];
      const auto tab = text.substr(0, text.find_first_not_of(" \t")).find('\t');
      if (tab != std::string_view::npos) {
        refuse(source, source.place(line, tab), "not valid YAML: indent with spaces, not tabs");
      }
    }
    refuse(source, source.place(line, static_cast<std::size_t>(mark.column)), in_words(error));
  } catch (const YAML::Exception& error) {
    refuse(source, Place{}, "not valid YAML: " + error.msg);
  }
}

}  // namespace

YamlNode parse_yaml(const SourceText& source) {
  const auto documents = load(source);
  if (documents.empty()) refuse(source, Place{}, "is empty");
  Converter converter(source);
  auto root = converter.convert(documents.front());
  if (documents.size() > 1) {
    // Mostly not a `---` but a line indented less than the first one.
    refuse(source, converter.convert(documents[1]).place,
           "does not belong to what is above it; check the indentation (a file holds one circuit)");
  }
  return root;
}

std::string kind_name(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return "nothing";
    case YamlNode::Kind::scalar:
      return in_quotes(node.text);
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
  }
  return {};
}

}  // namespace vcengine
