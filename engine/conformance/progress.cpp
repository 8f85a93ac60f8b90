#include "engine/conformance/progress.hpp"

#include <algorithm>

#include "file_descriptor.hpp"

namespace vcengine {

void Progress::stage(std::string_view words) const { write_line("at " + std::string(words)); }

void Progress::frame() const { write_all(descriptor_, "+\n"); }

void Progress::answer(const CheckAnswer& answer) const {
  write_line("answer " + to_text(to_json(answer)));
}

void Progress::write_line(std::string_view line) const {
  std::string text(line);
  std::ranges::replace(text, '\n', ' ');
  text += '\n';
  write_all(descriptor_, text);
}

std::string ProgressRead::place() const {
  const auto of_stage = stage.empty() ? "" : ", " + stage;
  return (frame == 0 ? "before the first frame" : "at frame " + std::to_string(frame)) + of_stage;
}

ProgressRead read_progress(std::string_view text) {
  ProgressRead result;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (result.answer) {
      if (result.rubbish.empty()) result.rubbish = line;
    } else if (line == "+") {
      ++result.frame;
    } else if (line.starts_with("at ")) {
      result.stage = line.substr(3);
      result.frame = 0;
    } else if (line.starts_with("answer ")) {
      try {
        result.answer = check_answer_from_json(parse_json(line.substr(7)));
      } catch (const JsonError&) {
        if (result.rubbish.empty()) result.rubbish = line;
      }
    } else if (result.rubbish.empty()) {
      result.rubbish = line;
    }
  }
  return result;
}

}  // namespace vcengine
