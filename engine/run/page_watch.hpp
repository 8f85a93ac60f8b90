/// Notices a shared page that its owner cannot have left so by way of the SDK: a block wrote over
/// memory that it shares. [host]
///
/// What others write may make no sense either, so each page is judged by itself as far as it goes,
/// and a reader's by its writer's only after that one was found in order. A block can damage what
/// is not looked for here (a frame's entry while nobody looks, a count by a little): whoever reads
/// it checks it again, and gives up in words.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "wire/layout.hpp"

namespace vcengine {

/// In words, "frame 3 was published after frame 2000"; none if a page is in order.
using PageDamage = std::optional<std::string>;

class WriterPageWatch {
 public:
  /// Of a page as the host made it, which must outlive this.
  explicit WriterPageWatch(const wire::WriterPage& page);
  PageDamage look();

 private:
  PageDamage look_at_entries(std::uint64_t head) const;

  const wire::WriterPage& page_;
  const wire::WriterHeader made_;
  std::uint64_t head_, valid_from_, bound_;
};

class ReaderPageWatch {
 public:
  /// Of a page as the host made it, and its writer's; both must outlive this.
  ReaderPageWatch(const wire::ReaderPage& page, const wire::WriterPage& writer);
  PageDamage look();
  /// A successor of the reader goes on, perhaps with the frame that was taken last.
  void begin_again() noexcept;

 private:
  const wire::ReaderPage& page_;
  const wire::WriterPage& writer_;
  const wire::ReaderPage::Header made_;
  std::uint64_t next_, floor_;
  std::uint64_t taken_again_ = 0;
};

class StatusPageWatch {
 public:
  /// Of a page as the host made it, which must outlive this.
  explicit StatusPageWatch(const wire::StatusPage& page);
  PageDamage look();

 private:
  static constexpr std::size_t kCounts = 4;

  const wire::StatusPage& page_;
  const wire::StatusPage::Header made_;
  std::array<std::uint64_t, kCounts> counts_{};
};

}  // namespace vcengine
