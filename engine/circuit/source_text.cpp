#include "engine/circuit/source_text.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/control/nearest_word.hpp"
#include "engine/show/utf8.hpp"
#include "file_descriptor.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

/// A circuit of 512 blocks is some 100 KiB; whatever is larger was given by mistake.
constexpr std::size_t kLargestFile = std::size_t{4} << 20U;
/// Each error shows its line, and may be one of a hundred.
constexpr std::size_t kLongestLine = std::size_t{64} << 10U;

[[noreturn]] void refuse(const fs::path& file, std::string message) {
  throw CircuitError(
      Diagnostic{.file = file, .place = {}, .message = std::move(message), .line_text = {}});
}

std::string reason(int error) { return std::generic_category().message(error); }

/// The circuit beside a missing file whose name is most like it.
std::string similar_file(const fs::path& missing) {
  std::vector<std::string> names;
  std::error_code ignored;
  const auto folder = missing.has_parent_path() ? missing.parent_path() : fs::path(".");
  for (fs::directory_iterator entry(folder, ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const auto extension = entry->path().extension();
    if (extension == ".yaml" || extension == ".yml") names.push_back(entry->path().filename());
  }
  std::sort(names.begin(), names.end());
  auto typed = missing.filename().string();
  auto name = nearest_word(typed, names);
  if (!name) name = nearest_word(typed += ".yaml", names);
  return name ? "; did you mean '" + (missing.parent_path() / *name).string() + "'?" : "";
}

/// POSIX calls rather than a stream, which cannot say why it failed. A pipe is welcome, as in
/// `vcengine <(generate-circuit)`, so the size is limited while reading, not asked for before.
std::string read_text(const fs::path& file) {
  const FileDescriptor input(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!input) {
    if (errno == ENOENT) refuse(file, "no such file" + similar_file(file));
    refuse(file, "cannot be opened: " + reason(errno));
  }
  struct stat status {};
  if (::fstat(input.get(), &status) == 0 && S_ISDIR(status.st_mode)) {
    refuse(file, "is a folder, not a circuit file");
  }
  std::string text;
  std::array<char, 65536> buffer;
  for (;;) {
    const auto size = ::read(input.get(), buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) refuse(file, "cannot be read: " + reason(errno));
    if (size == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > kLargestFile) {
      refuse(file, "is larger than 4 MiB; is this a circuit file?");
    }
  }
}

/// "\r\n" to "\n", so that places are the same whoever saved the file.
void unify_line_ends(std::string& text) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') continue;
      text[kept++] = '\n';
    } else {
      text[kept++] = text[i];
    }
  }
  text.resize(kept);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = text.find('\n');
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

/// Line and column of a byte of text that may not be UTF-8.
Place place_of(std::string_view text, std::size_t at) {
  const auto before = text.substr(0, at);
  const auto line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  return {.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(split_characters(before.substr(line_start)).size()) + 1};
}

}  // namespace

Diagnostic SourceText::error_at(Place at, std::string message) const {
  const auto index = static_cast<std::size_t>(at.line) - 1;  // huge for a place without a line
  return {.file = file,
          .place = at,
          .message = std::move(message),
          .line_text = index < lines.size() ? lines[index] : std::string{}};
}

Place SourceText::place(std::size_t line, std::size_t byte) const {
  const auto text_before =
      line < lines.size() ? std::string_view(lines[line]).substr(0, byte) : std::string_view{};
  return {.line = static_cast<int>(line) + 1,
          .column = static_cast<int>(count_characters(text_before)) + 1};
}

SourceText read_source(const fs::path& file) { return make_source(read_text(file), file); }

SourceText make_source(std::string text, fs::path file) {
  SourceText source{.file = std::move(file), .text = std::move(text), .lines = {}};
  if (source.text.starts_with("\xEF\xBB\xBF")) source.text.erase(0, 3);  // a byte order mark
  if (source.text.find('\0') != std::string::npos) {
    refuse(source.file, "is not a text file (UTF-8 is expected)");
  }
  unify_line_ends(source.text);
  source.lines = split_lines(source.text);
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    if (source.lines[i].size() <= kLongestLine) continue;
    throw CircuitError(source.error_at({.line = static_cast<int>(i) + 1, .column = 0},
                                       "a line of more than 64 KiB; is this a circuit file?"));
  }
  if (const auto bad = find_invalid_utf8(source.text)) {
    throw CircuitError(source.error_at(place_of(source.text, *bad), "is not UTF-8 from here on"));
  }
  return source;
}

}  // namespace vcengine
