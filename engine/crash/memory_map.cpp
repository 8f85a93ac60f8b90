#include "engine/crash/memory_map.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>
#include <utility>

namespace vcengine {

namespace {

/// Takes the part of `line` before the next separator off its front.
std::string_view take(std::string_view& line, char separator) {
  const std::size_t end = line.find(separator);
  const std::string_view part = line.substr(0, end);
  line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  return part;
}

bool parse_hex(std::string_view text, std::uint64_t& number) {
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number, 16);
  return error == std::errc{} && end == last;
}

}  // namespace

MemoryMap::MemoryMap(std::string_view maps) {
  while (!maps.empty()) add(take(maps, '\n'));
}

// 7f0c5a400000-7f0c5a426000 r-xp 00001000 08:01 131122                     /usr/lib/libz.so.1.2.13
void MemoryMap::add(std::string_view line) {
  Mapping mapping;
  const bool numbers =
      parse_hex(take(line, '-'), mapping.begin) && parse_hex(take(line, ' '), mapping.end);
  const auto rights = take(line, ' ');
  if (!numbers || mapping.begin >= mapping.end) return;
  const bool own = rights.find('w') != std::string_view::npos && rights.ends_with('p');
  if (own && !line.ends_with("[stack]")) own_memory_ += mapping.end - mapping.begin;
  if (rights.find('x') == std::string_view::npos) return;
  const bool has_offset = parse_hex(take(line, ' '), mapping.start.offset);
  const std::size_t path = line.find('/');  // "[vdso]" and memory without a file have none
  if (!has_offset || path == std::string_view::npos) return;
  mapping.start.file = line.substr(path);
  code_.push_back(std::move(mapping));
}

std::optional<FilePosition> MemoryMap::find_code(std::uint64_t address) const {
  for (const Mapping& mapping : code_) {
    if (mapping.begin <= address && address < mapping.end) {
      return FilePosition{mapping.start.file, mapping.start.offset + (address - mapping.begin)};
    }
  }
  return std::nullopt;
}

}  // namespace vcengine
