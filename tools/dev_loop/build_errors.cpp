#include "tools/dev_loop/build_errors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>
#include <span>
#include <utility>

namespace vcengine {

namespace {

using Lines = std::vector<std::string>;

Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

bool is_caret_line(const std::string& line) {
  static const std::regex caret(R"(^ *\|? *[~ ]*\^[~^ ]*( *\|)?.*$)");
  return line.find('^') != std::string::npos && std::regex_match(line, caret);
}

/// The line of the source and the one with the caret below a message, if they are there.
Lines source_below(std::span<const std::string> below) {
  if (below.size() >= 2 && is_caret_line(below[1])) return {below[0], below[1]};
  return {};
}

/// "my.cpp:12:3: error: …" of both compilers. Regular expressions are only tried where they may
/// fit: a build writes megabytes.
bool read_compiler_error(const std::string& line, BuildError& error) {
  if (line.find("error: ") == std::string::npos) return false;
  static const std::regex shape(R"(^([^\s:][^:]*:\d+(?::\d+)?): (?:fatal )?error: (.*)$)");
  std::smatch match;
  if (!std::regex_match(line, match, shape)) return false;
  error = {.place = match[1], .message = match[2], .source = {}, .cause = {}};
  return true;
}

/// "…/bin/ld: my.cpp:12: undefined reference to `f()'", "…/bin/ld: cannot find -lfoo", and Clang's
/// "ld.lld: error: undefined symbol: f()".
bool read_linker_error(const std::string& line, BuildError& error) {
  const auto says = [&](const char* words) { return line.find(words) != std::string::npos; };
  if (!says("undefined reference to") && !says("multiple definition of") &&
      !says("cannot find -l") && !says("undefined symbol: ")) {
    return false;
  }
  static const std::regex shape(
      R"(^(?:\S*ld(?:\.\w+)?: )?(?:error: )?(?:([^\s:]+:(?:\d+|\(\.[^)]*\))): )?(.*)$)");
  std::smatch match;
  if (!std::regex_match(line, match, shape)) return false;
  std::string place = match[1];
  if (place.find(":(") != std::string::npos) place.erase(place.find(":("));
  error = {.place = place, .message = match[2], .source = {}, .cause = {}};
  return true;
}

/// "CMake Error at CMakeLists.txt:5 (find_package):" and the indented lines below it.
bool read_cmake_error(std::span<const std::string> lines, BuildError& error) {
  static const std::regex shape(R"(^CMake Error(?: at (\S+:\d+))?(?: \(\w+\))?:(.*)$)");
  std::smatch match;
  if (!lines[0].starts_with("CMake Error") || !std::regex_match(lines[0], match, shape)) {
    return false;
  }
  std::string text = match[2];
  for (const auto& line : lines.subspan(1)) {
    const auto begin = line.find_first_not_of(' ');
    if (begin == 0 || line.starts_with("Call Stack")) break;
    if (begin != std::string::npos) text += (text.empty() ? "" : " ") + line.substr(begin);
  }
  const auto begin = text.find_first_not_of(' ');
  error = {.place = match[1],
           .message = begin == std::string::npos ? "" : text.substr(begin),
           .source = {},
           .cause = {}};
  return true;
}

/// GCC says before the error where a template was used, Clang says it behind.
std::string place_of_use(const std::string& line) {
  if (line.find("required from here") == std::string::npos &&
      line.find("requested here") == std::string::npos) {
    return {};
  }
  static const std::regex shape(
      R"(^([^\s:][^:]*:\d+:\d+):(?:\s+required from here| note: in instantiation .* requested here)$)");
  std::smatch match;
  return std::regex_match(line, match, shape) ? match[1].str() : std::string();
}

std::string relative(std::string text, const std::string& folder) {
  if (text.starts_with(folder)) text.erase(0, folder.size());
  return text;
}

std::string end_of(std::string_view output) {
  constexpr std::size_t kLines = 20;
  const auto lines = lines_of(output);
  const auto first = lines.size() - std::min(lines.size(), kLines);
  return fmt::format(
      "{}\n", fmt::join(lines.begin() + static_cast<std::ptrdiff_t>(first), lines.end(), "\n"));
}

}  // namespace

std::vector<BuildError> find_build_errors(std::string_view output) {
  const auto lines = lines_of(output);
  std::vector<BuildError> errors;
  std::string use;
  bool last_is_fresh = false;  // Clang's notes belong to the error before
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto rest = std::span(lines).subspan(i);
    BuildError error;
    if (auto place = place_of_use(lines[i]); !place.empty()) {
      if (last_is_fresh && lines[i].find("note: ") != std::string::npos) {
        errors.back().cause = std::move(place);  // the last is the author's own
      } else {
        use = std::move(place);
      }
      continue;
    }
    if (read_compiler_error(lines[i], error)) {
      error.source = source_below(rest.subspan(1));
      error.cause = std::exchange(use, {});
    } else if (!read_linker_error(lines[i], error) && !read_cmake_error(rest, error)) {
      continue;
    }
    const auto same = [&](const BuildError& other) {
      return other.place == error.place && other.message == error.message;
    };
    last_is_fresh = std::ranges::none_of(errors, same);
    if (last_is_fresh) errors.push_back(std::move(error));
  }
  return errors;
}

std::string short_build_errors(std::string_view output, const std::filesystem::path& folder,
                               std::size_t most) {
  const auto errors = find_build_errors(output);
  if (errors.empty()) return end_of(output);
  const auto base = folder.string() + "/";
  std::string text;
  for (const auto& error : std::span(errors).first(std::min(most, errors.size()))) {
    const auto place = relative(error.place, base);
    text += place.empty() ? error.message + "\n" : fmt::format("{}: {}\n", place, error.message);
    for (const auto& line : error.source) text += line + "\n";
    if (!error.cause.empty()) text += fmt::format("  used at {}\n", relative(error.cause, base));
  }
  if (errors.size() > most) {
    text += fmt::format("and {} more; --verbose shows all\n", errors.size() - most);
  }
  return text;
}

}  // namespace vcengine
