#include "engine/crash/crash_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "engine/show/terminal_text.hpp"

namespace vcengine {

namespace {

std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return part;
}

std::string known(std::string_view field) { return field == "?" ? "" : one_terminal_line(field); }

/// A line of vcengine-symbolize.
std::vector<CrashFrame::Place> parse_places(std::string_view line) {
  std::vector<CrashFrame::Place> places;
  while (!line.empty()) {
    const std::string function = known(take(line, '\t'));
    places.push_back({function, known(take(line, '\t'))});
  }
  return places;
}

std::string without_folder(const std::string& path) { return path.substr(path.rfind('/') + 1); }

bool is_author_source(const CrashFrame::Place& place) {
  constexpr std::array<std::string_view, 6> kOthers{"/usr/include/",       "/usr/lib/",
                                                    "/usr/local/include/", "/include/c++/",
                                                    "/include/vcengine/",  "/include/opencv4/"};
  return !place.source_line.empty() &&
         std::none_of(kOthers.begin(), kOthers.end(), [&](std::string_view folder) {
           return place.source_line.find(folder) != std::string::npos;
         });
}

}  // namespace

std::vector<CrashFrame> find_frames(
    std::span<const std::uint64_t> addresses, const MemoryMap& map,
    const std::function<std::string(const std::vector<std::string>&)>& symbolize) {
  std::vector<CrashFrame> frames;
  std::vector<std::string> arguments;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    CrashFrame frame;
    frame.address = addresses[i];
    // A return address is behind the call, perhaps in another line or function.
    const std::uint64_t instruction = i == 0 ? addresses[i] : addresses[i] - 1;
    if (const auto code = map.find_code(instruction)) {
      frame.code = *code;
      arguments.push_back(code->file);
      arguments.push_back(fmt::format("{:x}", code->offset));
    }
    frames.push_back(std::move(frame));
  }
  const std::string output = arguments.empty() ? "" : symbolize(arguments);
  std::string_view lines = output;
  for (CrashFrame& frame : frames) {
    if (!frame.code.file.empty()) frame.places = parse_places(take(lines, '\n'));
  }
  return frames;
}

CrashFrame::Place find_culprit(std::span<const CrashFrame> frames,
                               const std::filesystem::path& plugin) {
  using Place = CrashFrame::Place;
  const auto first = [&](auto&& wanted) -> const Place* {
    for (const CrashFrame& frame : frames) {
      for (const Place& place : frame.places) {
        if (wanted(frame, place)) return &place;
      }
    }
    return nullptr;
  };
  const auto in_plugin = [&](const CrashFrame& frame) {
    return frame.code.file == plugin.native();
  };
  const Place* place = first([&](const CrashFrame& frame, const Place& p) {
    return in_plugin(frame) && is_author_source(p);
  });
  if (place == nullptr) {
    place = first([&](const CrashFrame& frame, const Place& p) {
      return in_plugin(frame) && !(p.source_line.empty() && p.function.empty());
    });
  }
  if (place == nullptr) {
    place = first([](const CrashFrame&, const Place& p) { return !p.source_line.empty(); });
  }
  if (place == nullptr) {
    place = first([](const CrashFrame&, const Place& p) { return !p.function.empty(); });
  }
  return place == nullptr ? Place{} : Place{place->function, without_folder(place->source_line)};
}

std::vector<std::string> describe(std::span<const CrashFrame> frames) {
  std::vector<std::string> lines;
  for (const CrashFrame& frame : frames) {
    if (frame.code.file.empty()) {
      lines.push_back(fmt::format("{:#x}: no code", frame.address));
      continue;
    }
    const std::string module = one_terminal_line(without_folder(frame.code.file));
    const std::string position = fmt::format("{}+{:#x}", module, frame.code.offset);
    if (frame.places.empty()) lines.push_back(position);
    for (const auto& [function, source_line] : frame.places) {
      std::string line = function.empty() ? position : function;
      if (!source_line.empty()) {
        line += " at " + source_line;
      } else if (!function.empty()) {
        line += " in " + module;
      }
      lines.push_back(std::move(line));
    }
  }
  return lines;
}

}  // namespace vcengine
