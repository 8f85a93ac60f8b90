#include "engine/process/line_reader.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace vcengine {

void LineReader::read(const OnLine& on_line, bool all) {
  std::array<char, 16384> buffer{};
  while (pipe_) {
    const auto got = ::read(pipe_.get(), buffer.data(), buffer.size());
    if (got > 0) {
      add({buffer.data(), static_cast<std::size_t>(got)}, on_line);
      if (all) continue;
      return;
    }
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN && !all) return;
    end_line(on_line);
    pipe_.reset();
  }
}

void LineReader::add(std::string_view bytes, const OnLine& on_line) {
  for (const char c : bytes) {
    if (c == '\n' || c == '\r') {
      end_line(on_line);
      continue;
    }
    const bool control = static_cast<unsigned char>(c) < 0x20 && c != '\t';
    if (!control) line_ += c;
    if (line_.size() >= kMaxLine) end_line(on_line);
  }
}

void LineReader::end_line(const OnLine& on_line) {
  if (!line_.empty()) on_line(line_);
  line_.clear();
}

}  // namespace vcengine
