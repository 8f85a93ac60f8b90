/// The last lines that blocks and the host wrote, for who asks afterwards or follows. [host]
///
/// All that a follower has is a place in these lines. One that is slower than they come finds some
/// of them gone, and is told how many: it costs neither memory of its own nor anybody's time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace vcengine {

class LiveLog {
 public:
  /// Older ones are forgotten.
  static constexpr std::size_t kMostLines = 2000;
  static constexpr std::size_t kMostBytes = std::size_t{1} << 20;

  struct Line {
    std::string block;        ///< empty: the host
    std::string_view stream;  ///< "stdout", "stderr"
    std::string text;
    std::chrono::system_clock::time_point time;
    std::uint64_t number = 0;    ///< of all
    std::uint64_t of_block = 0;  ///< of those of this block
  };
  struct Lost {
    std::uint64_t lines = 0;
  };
  /// Where a reader is, and whose lines it wants.
  struct Cursor {
    std::optional<std::string> block;
    std::uint64_t next = 0;  ///< of all
    std::uint64_t seen = 0;  ///< of those that it wants
  };

  void add(std::string_view block, std::string_view stream, std::string_view text);

  /// Before the last `count` lines that are there.
  Cursor last(std::size_t count, std::optional<std::string> block) const;
  /// What comes next, if there is anything; the line is borrowed until the next add().
  std::optional<std::variant<const Line*, Lost>> next(Cursor& cursor) const;

 private:
  std::uint64_t total(const Cursor& cursor) const;

  std::deque<Line> lines_;
  std::size_t bytes_ = 0;
  std::uint64_t added_ = 0;
  std::map<std::string, std::uint64_t, std::less<>> added_by_;
};

}  // namespace vcengine
