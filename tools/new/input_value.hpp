/// What the inputs of a generated block give, as C++, and what that is in its test.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tools/new/new_block.hpp"

namespace vcengine {

/// A C++ expression, and what it is for the samples that tests put in.
struct Value {
  std::string code;
  std::string expected;
};

/// process() while it is written.
struct Body {
  std::vector<std::string> lines;
  std::set<std::string> headers;
  std::set<std::string> taken;  ///< names that locals must not have

  void line(std::string text) { lines.push_back(std::move(text)); }
};

/// The input that something is made from.
struct Source {
  const NewPort* port = nullptr;  ///< none: the block has no inputs, but counts its frames

  const PortType& type() const { return port->type; }
  bool is_kind(PortKind kind) const { return port != nullptr && type().kind == kind; }
  bool is_picture() const { return port != nullptr && type().is_picture(); }
  std::string name() const;  ///< as process() reads it: of many, the first
};

/// Numbers are added up where several are sure to be there: those lines come before the expression.
Value number_of(const NewBlock& block, const Source& source, Body& body);
Value text_of(const Source& source, Body& body);
Value bytes_of(const Source& source, Body& body);  ///< expected: their count
/// Elements or bytes, or the number itself. Not for pictures.
Value size_of(const Source& source);

// Sample pictures: tests put in these, of one grey.
inline constexpr std::string_view kSampleSize = "cv::Size(64, 32)";
inline constexpr int kSampleColumns = 64;
inline constexpr int kSampleRows = 32;
inline constexpr int kSampleGrey = 90;

/// The frame that tests put into inputs of this type, and the type it is put as.
struct Sample {
  std::string type;
  std::string value;
};
Sample sample_of(const PortType& type);

/// A picture of one grey, as an expression.
std::string mat(std::string_view size, PortKind kind, const std::string& grey);

}  // namespace vcengine
