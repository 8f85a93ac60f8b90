#include "tools/new/port_spec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"
#include "tools/common/refusal.hpp"
#include "tools/common/spec_text.hpp"

namespace vcengine {
namespace {

struct NamedKind {
  PortKind kind;
  std::string_view name;
};
constexpr std::array<NamedKind, 7> kPlainKinds{{{PortKind::bgr8, "Bgr8"},
                                                {PortKind::gray8, "Gray8"},
                                                {PortKind::image, "Image"},
                                                {PortKind::number, "Number"},
                                                {PortKind::text, "Text"},
                                                {PortKind::bytes, "Bytes"},
                                                {PortKind::any, "Any"}}};

constexpr std::array<ElementType, 10> kElements{{{"std::int8_t", "i8"},
                                                 {"std::uint8_t", "u8"},
                                                 {"std::int16_t", "i16"},
                                                 {"std::uint16_t", "u16"},
                                                 {"std::int32_t", "i32"},
                                                 {"std::uint32_t", "u32"},
                                                 {"std::int64_t", "i64"},
                                                 {"std::uint64_t", "u64"},
                                                 {"float", "f32"},
                                                 {"double", "f64"}}};

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const auto& known : kPlainKinds) names.emplace_back(known.name);
  for (const auto& element : kElements)
    names.push_back(fmt::format("Array<{}>", element.short_name));
  return names;
}

std::vector<std::string> lower_case(std::vector<std::string> words) {
  for (auto& word : words) word = lower(word);
  return words;
}

[[noreturn]] void refuse_type(std::string_view text) {
  // Likeness is looked for in lower case, and shown as it is written.
  const auto names = type_names();
  auto hint = did_you_mean(lower(text), lower_case(names));
  for (const auto& name : names) {
    if (hint == fmt::format("; did you mean '{}'?", lower(name))) {
      hint = fmt::format("; did you mean '{}'?", name);
    }
  }
  throw Refusal(
      fmt::format("there is no port type '{}'{}{} `vcengine new --list-types` explains: Bgr8, "
                  "Gray8, Image, Number, Text, Bytes, Any, Array<{}>",
                  text, hint, hint.empty() ? ";" : "", element_names()));
}

const ElementType* find_element(std::string_view text) {
  auto word = lower(text);
  if (word.starts_with("std::")) word.erase(0, 5);
  if (word == "int") word = "i32";
  for (const auto& element : kElements) {
    auto cpp = element.cpp;
    if (cpp.starts_with("std::")) cpp.remove_prefix(5);
    if (word == element.short_name || word == cpp || word + "_t" == cpp) return &element;
  }
  return nullptr;
}

InputMode parse_mode(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, InputMode>, 3> kModes{
      {{"latest", InputMode::latest},
       {"optional", InputMode::optional},
       {"many", InputMode::many}}};
  for (const auto& [name, mode] : kModes) {
    if (lower(text) == name) return mode;
  }
  throw Refusal(fmt::format("an input is latest, optional or many, not '{}'{}", text,
                            did_you_mean(lower(text), {"latest", "optional", "many"})));
}

}  // namespace

bool PortType::has_real_elements() const { return element.short_name.starts_with('f'); }

std::string PortType::written() const {
  if (kind == PortKind::array) return fmt::format("Array<{}>", element.short_name);
  if (kind == PortKind::same_as) return "SameAs";
  return std::string(std::ranges::find(kPlainKinds, kind, &NamedKind::kind)->name);
}

std::string PortType::cpp() const {
  if (kind == PortKind::array) return fmt::format("vcengine::Array<{}>", element.cpp);
  return "vcengine::" + written();
}

PortType parse_port_type(std::string_view text) {
  const auto word = lower(text);
  for (const auto& known : kPlainKinds) {
    if (word == lower(known.name)) return {known.kind, {}};
  }
  if (word.starts_with("array<") && word.ends_with('>')) {
    const auto name = text.substr(6, text.size() - 7);
    if (const auto* element = find_element(name)) return {PortKind::array, *element};
    throw Refusal(fmt::format("an array holds {}, not '{}'", element_names(), name));
  }
  if (word == "array") {
    throw Refusal("'Array' needs its element: 'Array<f32>' (quoted, for the shell), or one of " +
                  element_names());
  }
  refuse_type(text);
}

NewPort parse_input(std::string_view spec) {
  const auto parts = split_spec(spec);
  if (parts.size() < 2 || parts.size() > 3) {
    throw Refusal("an input is written name:Type, with :latest, :optional or :many if it is that");
  }
  require_member_name(parts[0], "input name");
  NewPort port{std::string(parts[0]), parse_port_type(parts[1]), InputMode::trigger, {}};
  if (parts.size() == 3) port.mode = parse_mode(parts[2]);
  return port;
}

NewPort parse_output(std::string_view spec) {
  const auto parts = split_spec(spec);
  const bool same_as = parts.size() > 1 && lower(parts[1]) == "sameas";
  if (parts.size() != (same_as ? 3 : 2)) {
    throw Refusal(
        "an output is written name:Type, or name:SameAs:INPUT to send on an input's frames");
  }
  require_member_name(parts[0], "output name");
  if (same_as) {
    return {
        std::string(parts[0]), {PortKind::same_as, {}}, InputMode::trigger, std::string(parts[2])};
  }
  const auto type = parse_port_type(parts[1]);
  if (type.kind == PortKind::any) {
    throw Refusal(fmt::format(
        "an output has a type of its own, only inputs take Any; to send on the frames of an input "
        "write {}:SameAs:INPUT",
        parts[0]));
  }
  return {std::string(parts[0]), type, InputMode::trigger, {}};
}

const std::vector<PortTypeHelp>& port_type_help() {
  static const std::vector<PortTypeHelp> help{
      {"Bgr8", "cv::Mat, CV_8UC3", "colour pictures: blue, green, red"},
      {"Gray8", "cv::Mat, CV_8UC1", "grey pictures, and masks of 0 and 255"},
      {"Image", "cv::Mat of any type", "pictures whose type each frame says"},
      {"Number", "double", "measurements, settings that move"},
      {"Text", "std::string_view", "UTF-8 text"},
      {"Bytes", "std::span<const std::byte>", "anything: packets, files"},
      {"Array<f32>", "std::span<const float>", "many numbers of one kind"},
      {"Any", "vcengine::FrameRef", "inputs only: takes every type"},
      {"SameAs:INPUT", "the input's type", "outputs only: sends on that input's frames"}};
  return help;
}

std::string element_names() {
  std::vector<std::string> names;
  for (const auto& element : kElements) names.emplace_back(element.short_name);
  return join(names);
}

}  // namespace vcengine
