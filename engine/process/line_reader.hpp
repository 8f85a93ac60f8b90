#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "file_descriptor.hpp"

namespace vcengine {

/// Cuts what a block writes to a pipe into lines. '\r' ends a line as well (FFmpeg's progress); a
/// line longer than kMaxLine is cut, and control characters that could upset a terminal are left
/// out.
class LineReader {
 public:
  static constexpr std::size_t kMaxLine = 16384;
  using OnLine = std::function<void(std::string_view)>;

  LineReader() = default;
  explicit LineReader(FileDescriptor pipe) : pipe_(std::move(pipe)) {}

  int fd() const noexcept { return pipe_.get(); }
  bool open() const noexcept { return static_cast<bool>(pipe_); }

  /// Reads what is there now, closing the pipe at its end; `all` reads on until there is no more
  /// (after the writer's death).
  void read(const OnLine& on_line, bool all);

 private:
  void add(std::string_view bytes, const OnLine& on_line);
  void end_line(const OnLine& on_line);

  FileDescriptor pipe_;
  std::string line_;
};

}  // namespace vcengine
