/// How far a check has come, said as it goes: when a block crashes or hangs there is nobody left to
/// say it. Lines on the child's descriptor 3:
///   "at WORDS"     a stage begins; its frames are counted from 1
///   "+"            the next frame of it is handed to the block
///   "answer JSON"  a CheckAnswer, the last line
/// Whatever else is found there was written by the block.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/conformance/check_answer.hpp"

namespace vcengine {

/// The writing side, in the child. [worker]
class Progress {
 public:
  explicit Progress(int descriptor) noexcept : descriptor_(descriptor) {}

  void stage(std::string_view words) const;
  void frame() const;
  void answer(const CheckAnswer& answer) const;

 private:
  void write_line(std::string_view line) const;

  int descriptor_;
};

/// The reading side: what a child has said by its end, however that came.
struct ProgressRead {
  std::string stage;
  std::size_t frame = 0;  ///< of that stage; 0: none yet
  std::optional<CheckAnswer> answer;
  std::string rubbish;  ///< the first line that is none of ours

  /// "at frame 3 of pictures of 1x1", "at frame 2", "before the first frame".
  std::string place() const;
};

ProgressRead read_progress(std::string_view text);

}  // namespace vcengine
