#include "tools/new/input_value.hpp"

#include <fmt/format.h>
#include "engine/control/nearest_word.hpp"

#include "tools/common/names.hpp"

namespace vcengine {
namespace {

/// All Numbers of the same mode, where several are sure to be there.
Value sum_of_numbers(const NewBlock& block, const Source& source, Body& body) {
  if (source.port->mode == InputMode::many) {
    const auto sum = unique_name("sum", body.taken);
    const auto index = unique_name("i", body.taken);
    body.line(fmt::format("double {} = 0;", sum));
    body.line(fmt::format("for (std::size_t {0} = 0; {0} < {1}.size(); ++{0}) {2} += *{1}[{0}];",
                          index, source.port->name, sum));
    return {sum, "14"};
  }
  if (source.port->mode != InputMode::trigger) return {"*" + source.port->name, "7"};
  std::vector<std::string> terms;
  for (const auto& input : block.inputs) {
    const bool counts = input.type.kind == PortKind::number && input.mode == InputMode::trigger;
    if (counts) terms.push_back("*" + input.name);
  }
  return {join(terms, " + "), std::to_string(7 * terms.size())};
}

}  // namespace

std::string Source::name() const {
  return port->mode == InputMode::many ? port->name + "[0]" : port->name;
}

std::string mat(std::string_view size, PortKind kind, const std::string& grey) {
  return fmt::format("cv::Mat({}, {}, cv::Scalar::all({}))", size,
                     kind == PortKind::gray8 ? "CV_8UC1" : "CV_8UC3", grey);
}

Value size_of(const Source& source) {
  const auto name = source.name();
  switch (source.type().kind) {
    case PortKind::number:
      return {"*" + name, "7"};
    case PortKind::text:
      return {name + "->size()", "5"};
    case PortKind::any:
      return {name + ".header().size", "5"};
    default:
      return {name + "->size()", "3"};
  }
}

Value number_of(const NewBlock& block, const Source& source, Body& body) {
  if (source.port == nullptr) return {"static_cast<double>(count_)", "1"};
  const auto name = source.name();
  if (source.is_picture())
    return {fmt::format("cv::mean(*{})[0]", name), std::to_string(kSampleGrey)};
  if (source.is_kind(PortKind::number)) return sum_of_numbers(block, source, body);
  if (source.is_kind(PortKind::array)) {
    body.headers.insert("numeric");
    return {fmt::format("std::accumulate({0}->begin(), {0}->end(), 0.0)", name), "6"};
  }
  const auto size = size_of(source);
  return {fmt::format("static_cast<double>({})", size.code), size.expected};
}

Value text_of(const Source& source, Body& body) {
  body.headers.insert("string");
  if (source.port == nullptr) return {"\"frame \" + std::to_string(count_)", "\"frame 1\""};
  const auto name = source.name();
  switch (source.type().kind) {
    case PortKind::bgr8:
    case PortKind::gray8:
    case PortKind::image:
      return {fmt::format("std::to_string({0}->cols) + \"x\" + std::to_string({0}->rows)", name),
              fmt::format("\"{}x{}\"", kSampleColumns, kSampleRows)};
    case PortKind::text:
      return {"*" + name, "\"seven\""};
    case PortKind::number:
      return {fmt::format("std::to_string(*{})", name), "\"7.000000\""};
    case PortKind::any:
      return {fmt::format("vcengine::to_string({}.header().type)", name), "\"text\""};
    case PortKind::bytes:
      return {fmt::format("std::to_string({}->size()) + \" bytes\"", name), "\"3 bytes\""};
    case PortKind::array:
    case PortKind::same_as:
      break;
  }
  return {fmt::format("std::to_string({}->size()) + \" values\"", name), "\"3 values\""};
}

Value bytes_of(const Source& source, Body& body) {
  if (source.port == nullptr) {
    body.headers.insert("span");
    return {"std::as_bytes(std::span(&count_, 1))", "sizeof(std::int64_t)"};
  }
  const auto payload = source.name() + ".frame().payload()";
  const int pixels = kSampleColumns * kSampleRows;
  switch (source.type().kind) {
    case PortKind::gray8:
      return {payload, fmt::format("{}U", pixels)};
    case PortKind::bgr8:
    case PortKind::image:
      return {payload, fmt::format("{}U", 3 * pixels)};
    case PortKind::number:
      return {payload, "sizeof(double)"};
    case PortKind::text:
    case PortKind::any:
      return {payload, "5U"};
    case PortKind::array:
      return {payload, fmt::format("3 * sizeof({})", source.type().element.cpp)};
    case PortKind::bytes:
    case PortKind::same_as:
      break;
  }
  return {payload, "3U"};
}

Sample sample_of(const PortType& type) {
  switch (type.kind) {
    case PortKind::bgr8:
    case PortKind::gray8:
    case PortKind::image:
      return {type.cpp(), mat(kSampleSize, type.kind, std::to_string(kSampleGrey))};
    case PortKind::number:
      return {type.cpp(), "7.0"};
    case PortKind::text:
    case PortKind::any:  // takes every type
      return {"vcengine::Text", "\"seven\""};
    case PortKind::bytes:
      return {type.cpp(), "std::array<std::byte, 3>{}"};
    case PortKind::array:
    case PortKind::same_as:
      break;
  }
  return {type.cpp(), fmt::format("std::vector<{}>{{1, 2, 3}}", type.element.cpp)};
}

}  // namespace vcengine
