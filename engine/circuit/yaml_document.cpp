#include "engine/circuit/yaml_document.hpp"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "engine/show/utf8.hpp"

namespace vcengine {
namespace {

/// A few anchors that refer to each other can stand for billions of nodes.
constexpr std::size_t kMostNodes = 100'000;
/// A circuit needs five. yaml-cpp itself gives up at 500, before it overflows the stack.
constexpr std::size_t kDeepest = 32;
constexpr const char* kTooDeep = "nested too deeply for a circuit file";

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

/// Builds the tree as yaml-cpp reads, so that the limits hold before memory is spent.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const SourceText& source) : source_(source) {}

  YamlNode take_root() && { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) {
      start_ = mark.pos;
      return;
    }
    if (mark.pos == start_)
      refuse(source_, place(mark), "not valid YAML: a file cannot begin like this");
    // Mostly not a `---` but a line indented less than the first one.
    refuse(source_, place(mark),
           "does not belong to what is above it; check the indentation (a file holds one circuit)");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(make(YamlNode::Kind::null, mark), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    auto node = make(YamlNode::Kind::scalar, mark);
    node.text = text;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (node.quoted) require_closed_quote(mark);
    add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto target = anchors_.find(anchor);
    if (target == anchors_.end())
      refuse(source_, place(mark), "an anchor cannot stand inside itself");
    count(mark, size_of(target->second));
    add(target->second, YAML::NullAnchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::sequence, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A list or map whose end is still to come.
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor;
    std::optional<YamlNode> key;  ///< of a map, waiting for its value
  };

  /// Goes on from the place before, so that a long line is not counted again for each of its
  /// values.
  Place place(const YAML::Mark& mark) {
    const auto begin = static_cast<std::size_t>(mark.pos);
    if (mark.line != last_mark_.line || mark.column < last_mark_.column || last_mark_.pos < 0) {
      last_place_ =
          source_.place(static_cast<std::size_t>(mark.line), static_cast<std::size_t>(mark.column));
    } else {
      const auto last = std::min(static_cast<std::size_t>(last_mark_.pos), source_.text.size());
      last_place_.column += static_cast<int>(
          count_characters(std::string_view(source_.text).substr(last, begin - last)));
    }
    last_mark_ = mark;
    return last_place_;
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    count_ += nodes;
    if (count_ > kMostNodes)
      refuse(source_, place(mark), "more values than a circuit file can have");
  }

  static std::size_t size_of(const YamlNode& node) {
    std::size_t size = 1;
    for (const auto& item : node.items) size += size_of(item);
    for (const auto& entry : node.entries) size += size_of(entry.key) + size_of(entry.value);
    return size;
  }

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark) {
    count(mark, 1);
    YamlNode node;
    node.kind = kind;
    node.place = place(mark);
    return node;
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() == kDeepest) refuse(source_, place(mark), kTooDeep);
    open_.push_back({make(kind, mark), anchor, {}});
  }

  void close() {
    auto closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }

  void add(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    auto& [parent, parent_anchor, key] = open_.back();
    if (parent.kind == YamlNode::Kind::sequence) {
      parent.items.push_back(std::move(node));
    } else if (key) {
      parent.entries.push_back({std::move(*key), std::move(node)});
      key.reset();
    } else {
      key = std::move(node);
    }
  }

  /// yaml-cpp takes the end of the file for a closing quote, so a truncated file would pass.
  void require_closed_quote(const YAML::Mark& mark) {
    const auto begin = static_cast<std::size_t>(std::max(mark.pos, 0));
    const auto rest = std::string_view(source_.text).substr(std::min(begin, source_.text.size()));
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return;  // a block of text
    if (closing_quote(rest) == std::string_view::npos) {
      refuse(source_, place(mark), "this quote is never closed");
    }
  }

  const SourceText& source_;
  YamlNode root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, YamlNode> anchors_;
  YAML::Mark last_mark_ = YAML::Mark::null_mark();
  Place last_place_;
  std::size_t count_ = 0;
  int documents_ = 0;
  int start_ = 0;  ///< of the first document
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
    return kTooDeep;
  }
  const auto* found = std::find_if(std::begin(words), std::end(words), [&](const Pair& pair) {
    return error.msg.starts_with(pair.first);
  });
  return "not valid YAML: " + (found != std::end(words) ? std::string(found->second) : error.msg);
}

}  // namespace

YamlNode parse_yaml(const SourceText& source) {
  try {
    // Not YAML::LoadAll(): given a stray comma, it makes empty documents until memory is used up.
    std::istringstream text(source.text);
    YAML::Parser parser(text);
    TreeBuilder builder(source);
    if (!parser.HandleNextDocument(builder)) refuse(source, Place{}, "is empty");
    parser.HandleNextDocument(builder);  // refuses a second one
    return std::move(builder).take_root();
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
