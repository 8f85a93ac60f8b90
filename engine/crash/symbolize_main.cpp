/// vcengine-symbolize [--fd N] FILE OFFSET [FILE OFFSET …]
///
/// For each instruction, OFFSET bytes (hexadecimal) into the ELF file FILE, one line on standard
/// output (or descriptor N): "function<TAB>file:line", and behind it the same for each caller that
/// it was inlined into. What is not known is '?'. The exit status is 0 whatever the files are, 2
/// for a wrong usage.
///
/// A program of its own, because debug information is complicated to read and comes from anywhere:
/// if reading it crashes, the rest of the answers is '?'; if it hangs, the host kills this process
/// and no more.
#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include "engine/crash/debug_info.hpp"

namespace {

constexpr std::string_view kUnknown = "?\t?\n";

// For the signal handler.
volatile std::sig_atomic_t output_fd = STDOUT_FILENO;
volatile std::sig_atomic_t unanswered = 0;

void answer_the_rest(int /*signal*/) {
  while (unanswered > 0 && ::write(output_fd, kUnknown.data(), kUnknown.size()) > 0) {
    unanswered = unanswered - 1;
  }
  ::_exit(EXIT_SUCCESS);
}

template <typename Number>
std::optional<Number> parse(std::string_view text, int base) {
  if (base == 16 && text.starts_with("0x")) text.remove_prefix(2);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// Names come from files: they must not end a field or a line.
std::string field(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  }
  return text.empty() ? "?" : text;
}

std::string answer(const std::string& file, std::string_view offset_text) {
  const auto offset = parse<std::uint64_t>(offset_text, 16);
  if (!offset) return std::string(kUnknown);
  std::string line;
  for (const vcengine::SourcePlace& place : vcengine::find_source(file, *offset)) {
    const std::string where =
        place.file.empty() ? "?" : fmt::format("{}:{}", field(place.file), place.line);
    line += fmt::format("{}{}\t{}", line.empty() ? "" : "\t", field(place.function), where);
  }
  return line + "\n";
}

bool write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(output_fd, text.data(), text.size());
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  std::span<char*> arguments(argv + 1, static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
  if (arguments.size() >= 2 && std::string_view(arguments[0]) == "--fd") {
    output_fd = parse<int>(arguments[1], 10).value_or(-1);
    arguments = arguments.subspan(2);
  }
  if (output_fd < 0 || arguments.empty() || arguments.size() % 2 != 0) {
    fmt::print(stderr, "usage: vcengine-symbolize [--fd N] FILE OFFSET [FILE OFFSET ...]\n");
    return 2;
  }
  ::unsetenv("DEBUGINFOD_URLS");  // a crash message does not wait for a download
  unanswered = static_cast<std::sig_atomic_t>(arguments.size() / 2);
  for (const int signal : {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL}) {
    std::signal(signal, answer_the_rest);
  }
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (!write_all(answer(arguments[i], arguments[i + 1]))) break;
    unanswered = unanswered - 1;
  }
  return EXIT_SUCCESS;
}
