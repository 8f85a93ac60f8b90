#include "engine/run/live_log.hpp"

#include <algorithm>
#include <utility>

namespace vcengine {

namespace {

bool is_wanted(const LiveLog::Line& line, const LiveLog::Cursor& cursor) {
  return !cursor.block || *cursor.block == line.block;
}

std::uint64_t number_of(const LiveLog::Line& line, const LiveLog::Cursor& cursor) {
  return cursor.block ? line.of_block : line.number;
}

}  // namespace

void LiveLog::add(std::string_view block, std::string_view stream, std::string_view text) {
  auto by = added_by_.find(block);
  if (by == added_by_.end()) by = added_by_.emplace(block, 0).first;
  lines_.push_back({.block = std::string(block),
                    .stream = stream,
                    .text = std::string(text),
                    .time = std::chrono::system_clock::now(),
                    .number = added_++,
                    .of_block = by->second++});
  bytes_ += text.size();
  while (lines_.size() > kMostLines || bytes_ > kMostBytes) {
    bytes_ -= lines_.front().text.size();
    lines_.pop_front();
  }
}

LiveLog::Cursor LiveLog::last(std::size_t count, std::optional<std::string> block) const {
  Cursor cursor{.block = std::move(block), .next = added_, .seen = 0};
  cursor.seen = total(cursor);
  for (auto line = lines_.rbegin(); line != lines_.rend() && count > 0; ++line) {
    if (!is_wanted(*line, cursor)) continue;
    cursor.next = line->number;
    cursor.seen = number_of(*line, cursor);
    --count;
  }
  return cursor;
}

std::optional<std::variant<const LiveLog::Line*, LiveLog::Lost>> LiveLog::next(
    Cursor& cursor) const {
  const auto from = std::ranges::lower_bound(lines_, cursor.next, {}, &Line::number);
  const auto found =
      std::find_if(from, lines_.end(), [&](const Line& line) { return is_wanted(line, cursor); });
  const auto there = found == lines_.end() ? total(cursor) : number_of(*found, cursor);
  if (there > cursor.seen) return Lost{there - std::exchange(cursor.seen, there)};
  if (found == lines_.end()) return std::nullopt;
  cursor.next = found->number + 1;
  ++cursor.seen;
  return &*found;
}

std::uint64_t LiveLog::total(const Cursor& cursor) const {
  if (!cursor.block) return added_;
  const auto by = added_by_.find(*cursor.block);
  return by == added_by_.end() ? 0 : by->second;
}

}  // namespace vcengine
