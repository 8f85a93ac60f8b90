#include "tools/new/process_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tools/common/names.hpp"
#include "tools/new/input_value.hpp"

namespace vcengine {
namespace {

constexpr std::string_view kDrawnSize = "cv::Size(320, 240)";  // of pictures made from nothing

class Writer {
 public:
  explicit Writer(const NewBlock& block) : block_(block) {
    for (const auto& port : block.inputs) body_.taken.insert(port.name);
    for (const auto& port : block.outputs) body_.taken.insert(port.name);
    for (const auto& param : block.params) body_.taken.insert(param.info.name);
    body_.taken.insert("sut");
  }

  ProcessCode write() {
    std::vector<Source> sources;
    for (const auto& output : block_.outputs) sources.push_back(source_for(output));
    if (block_.outputs.empty()) sources.push_back(source_for(PortType{PortKind::number, {}}));
    code_.counts = block_.inputs.empty();

    say_where_code_goes(sources);
    for (const auto& source : sources) leave_without_frame(source);
    if (code_.counts) line("++count_;");
    for (std::size_t i = 0; i < block_.outputs.size(); ++i) {
      write_output(block_.outputs[i], sources[i]);
    }
    if (block_.outputs.empty()) remember(sources.front());
    code_.lines = std::move(body_.lines);
    code_.headers = std::move(body_.headers);
    return std::move(code_);
  }

 private:
  void line(std::string text) { body_.line(std::move(text)); }
  void expect(std::string text) { code_.expectations.push_back(std::move(text)); }

  Source source_for(const NewPort& output) const {
    if (output.type.kind == PortKind::same_as) return {block_.find_input(output.same_as)};
    return source_for(output.type);
  }

  /// The input that an output is most easily made from. One that is there in each call comes first,
  /// then one of the same type, then another picture for a picture.
  Source source_for(const PortType& type) const {
    const auto likeness = [&](const NewPort& input) {
      const bool there = input.mode == InputMode::trigger || input.mode == InputMode::many;
      const bool same = input.type == type;
      return (there ? 4 : 0) + (same ? 2 : 0) +
             (input.type.is_picture() && type.is_picture() ? 1 : 0);
    };
    const auto best = std::ranges::max_element(block_.inputs, {}, likeness);
    return {best == block_.inputs.end() ? nullptr : &*best};
  }

  void say_where_code_goes(const std::vector<Source>& sources) {
    std::vector<std::string> unused;
    for (const auto& input : block_.inputs) {
      const auto reads = [&](const Source& source) { return source.port == &input; };
      if (std::ranges::none_of(sources, reads)) unused.push_back(input.name);
    }
    if (!block_.brightens) {
      for (const auto& param : block_.params) unused.push_back(param.info.name);
    }
    line("// Your code goes here, in place of what follows.");
    std::string names = "// Not used yet:";
    for (const auto& name : unused) {
      if (names.size() + name.size() > 90) {
        line(names);
        names = "//  ";
      }
      names += ' ' + name + (name == unused.back() ? "." : ",");
    }
    if (!unused.empty()) line(names);
  }

  void leave_without_frame(const Source& source) {
    if (source.port == nullptr) return;
    const auto mode = source.port->mode;
    if (mode != InputMode::latest && mode != InputMode::optional) return;
    if (!guarded_.insert(source.port->name).second) return;
    line(fmt::format("if (!{}) return;  // {}", source.port->name,
                     mode == InputMode::latest ? "nothing has arrived yet" : "not wired"));
  }

  void write_output(const NewPort& output, const Source& source) {
    switch (output.type.kind) {
      case PortKind::bgr8:
      case PortKind::gray8:
      case PortKind::image:
        return write_picture(output, source);
      case PortKind::number: {
        const auto number = number_of(block_, source, body_);
        publish(output, number.code);
        return expect_value(output, "EXPECT_DOUBLE_EQ({1}, **{0});", number.expected);
      }
      case PortKind::text: {
        const auto text = text_of(source, body_);
        publish(output, text.code);
        return expect_value(output, "EXPECT_EQ({1}, **{0});", text.expected);
      }
      case PortKind::bytes: {
        const auto bytes = bytes_of(source, body_);
        publish(output, bytes.code);
        return expect_value(output, "EXPECT_EQ({1}, (*{0})->size());", bytes.expected);
      }
      case PortKind::array:
        return write_array(output, source);
      case PortKind::same_as:
        line(fmt::format("{}.publish({});  // as it is", output.name, source.name()));
        return expect_forwarded(output, source);
      case PortKind::any:
        break;  // no output is
    }
  }

  void publish(const NewPort& output, const std::string& value) {
    line(fmt::format("{}.publish({});", output.name, value));
  }

  /// Takes the frame of an output in the test, and looks at it.
  void expect_value(const NewPort& output, std::string_view format, const std::string& expected) {
    expect_value(output, output.type.cpp(), format, expected);
  }
  void expect_value(const NewPort& output, const std::string& type, std::string_view format,
                    const std::string& expected) {
    const auto name = unique_name(output.name, test_taken_);
    expect(fmt::format("const auto {} = sut.take<{}>(\"{}\");", name, type, output.name));
    expect(fmt::format("ASSERT_TRUE({});", name));
    expect(fmt::format(fmt::runtime(format), name, expected));
  }

  void expect_picture(const NewPort& output, const std::string& type, const std::string& picture) {
    const auto expected = unique_name("expected_" + output.name, test_taken_);
    expect(fmt::format("const auto {} = {};", expected, picture));
    expect_value(output, type, "EXPECT_THAT(**{0}, vcengine::EqualsPicture({1}));", expected);
  }

  void write_picture(const NewPort& output, const Source& source) {
    const auto kind = output.type.kind;
    const auto loan = unique_name(output.name + "_loan", body_.taken);
    const bool copies = source.is_picture();
    std::string size = copies ? source.name() + "->size()" : std::string(kDrawnSize);
    if (kind == PortKind::image) size += copies ? ", " + source.name() + "->type()" : ", CV_8UC3";
    line(fmt::format("auto {} = {}.loan({});{}", loan, output.name, size,
                     said_loan_ ? "" : "  // a cv::Mat over the wire's own memory"));
    if (copies) {
      copy_picture(source, loan, kind);
      const auto from = source.type().kind == PortKind::gray8 ? PortKind::gray8 : PortKind::bgr8;
      expect_picture(output, output.type.cpp(),
                     mat(kSampleSize, kind == PortKind::image ? from : kind,
                         std::to_string(block_.brightens ? 2 * kSampleGrey : kSampleGrey)));
    } else {
      const auto number = source.port == nullptr ? Value{"static_cast<double>(count_ % 256)", "1"}
                                                 : number_of(block_, source, body_);
      line(fmt::format("{}->setTo(cv::Scalar::all({}));", loan, number.code));
      expect_picture(output, output.type.cpp(), mat(kDrawnSize, kind, number.expected));
    }
    line(fmt::format("std::move({}).publish();{}", loan,
                     said_loan_ ? "" : "  // dropped instead if anything above threw"));
    body_.headers.insert("utility");
    said_loan_ = true;
  }

  void copy_picture(const Source& source, const std::string& loan, PortKind to) {
    const auto from = source.type().kind;
    const auto name = source.name();
    if (block_.brightens) {
      return line(fmt::format("{}->convertTo(*{}, -1, gain);", name, loan));
    }
    if (from == to || to == PortKind::image)
      return line(fmt::format("{}->copyTo(*{});", name, loan));
    code_.needs_imgproc = true;
    const bool to_gray = to == PortKind::gray8;
    const auto convert = fmt::format("cv::cvtColor(*{}, *{}, cv::COLOR_{});", name, loan,
                                     to_gray ? "BGR2GRAY" : "GRAY2BGR");
    if (from != PortKind::image) return line(convert);
    line(fmt::format("if ({}->channels() == 1) {{", name));
    const auto copy = fmt::format("{}->copyTo(*{});", name, loan);
    line("  " + (to_gray ? copy : convert));
    line("} else {");
    line("  " + (to_gray ? convert : copy));
    line("}");
  }

  void write_array(const NewPort& output, const Source& source) {
    const auto& element = output.type.element;
    const auto cast = [&](const std::string& value, bool real) {
      if (real && !output.type.has_real_elements()) {
        body_.headers.insert("cmath");
        return fmt::format("static_cast<{}>(std::lround({}))", element.cpp, value);
      }
      return fmt::format("static_cast<{}>({})", element.cpp, value);
    };
    const auto list = [&](const std::string& values) {
      return fmt::format("std::vector<{}>{{{}}}", element.cpp, values);
    };
    std::string expected;
    if (source.port == nullptr) {
      publish_list(output, list(cast("count_", false)));
      expected = "1";
    } else if (source.type() == output.type) {
      publish(output, "*" + source.name());
      expected = "1, 2, 3";
    } else if (source.type().kind == PortKind::array) {
      const auto values = unique_name(output.name + "_values", body_.taken);
      const auto value = unique_name("value", body_.taken);
      body_.headers.insert("vector");
      line(fmt::format("std::vector<{}> {};", element.cpp, values));
      line(fmt::format("for (const auto {} : *{}) {{", value, source.name()));
      line(fmt::format("  {}.push_back({});", values,
                       cast(value, source.type().has_real_elements())));
      line("}");
      publish(output, values);
      expected = "1, 2, 3";
    } else if (source.is_picture()) {
      publish_list(output, list(cast(source.name() + "->cols", false) + ", " +
                                cast(source.name() + "->rows", false)));
      expected = fmt::format("{}, {}", kSampleColumns, kSampleRows);
    } else {
      const auto size = size_of(source);
      publish_list(output, list(cast(size.code, source.type().kind == PortKind::number)));
      expected = size.expected;
    }
    body_.headers.insert("vector");
    expect_value(output,
                 fmt::format("EXPECT_EQ((std::vector<{0}>{{{{{{1}}}}}}), std::vector<{0}>"
                             "((*{{0}})->begin(), (*{{0}})->end()));",
                             element.cpp),
                 expected);
  }

  void publish_list(const NewPort& output, const std::string& list) {
    if (output.name.size() + list.size() < 80) return publish(output, list);
    const auto values = unique_name(output.name + "_values", body_.taken);
    const auto open = list.find('{');
    line(fmt::format("const {} {}{{", list.substr(0, open), values));
    line("    " + list.substr(open + 1, list.size() - open - 2) + "};");
    publish(output, values);
  }

  void expect_forwarded(const NewPort& output, const Source& source) {
    const auto& type = source.type();
    const auto as = sample_of(type).type;
    switch (type.kind) {
      case PortKind::bgr8:
      case PortKind::gray8:
      case PortKind::image:
        return expect_picture(output, as, sample_of(type).value);
      case PortKind::number:
        return expect_value(output, as, "EXPECT_DOUBLE_EQ({1}, **{0});", sample_of(type).value);
      case PortKind::text:
      case PortKind::any:
        return expect_value(output, as, "EXPECT_EQ({1}, **{0});", sample_of(type).value);
      case PortKind::bytes:
      case PortKind::array:
        return expect_value(output, as, "EXPECT_EQ({1}, (*{0})->size());", "3U");
      case PortKind::same_as:
        break;  // no input is
    }
  }

  /// What a sink shows that it saw, also to its test.
  void remember(const Source& source) {
    code_.last_seen = unique_name("last_seen", body_.taken);
    const auto number = number_of(block_, source, body_);
    line(fmt::format("last_ = {};", number.code));
    expect(
        fmt::format("EXPECT_DOUBLE_EQ({}, sut.block().{}());", number.expected, code_.last_seen));
  }

  const NewBlock& block_;
  ProcessCode code_;
  Body body_;
  std::set<std::string> test_taken_{"sut"};  // local names of the test
  std::set<std::string> guarded_;
  bool said_loan_ = false;
};

}  // namespace

ProcessCode process_code(const NewBlock& block) { return Writer(block).write(); }

}  // namespace vcengine
