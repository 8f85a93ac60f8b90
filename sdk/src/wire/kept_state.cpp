#include "wire/kept_state.hpp"

#include <algorithm>
#include <cstring>

namespace vcengine::wire {

using enum std::memory_order;

namespace {

/// Of a reader beside a worker that commits all the time, or beside a page that was written over.
constexpr int kMostAttempts = 16;

constexpr std::size_t kWord = sizeof(Word64);

void load(const Word64* from, std::span<std::byte> values) noexcept {
  for (std::size_t at = 0; at < values.size(); at += kWord) {
    const auto word = (from++)->load(acquire);
    std::memcpy(values.data() + at, &word, std::min(kWord, values.size() - at));
  }
}

void store(Word64* to, std::span<const std::byte> values) noexcept {
  for (std::size_t at = 0; at < values.size(); at += kWord) {
    std::uint64_t word = 0;
    std::memcpy(&word, values.data() + at, std::min(kWord, values.size() - at));
    (to++)->store(word, release);
  }
}

}  // namespace

bool read_kept(const StatusPage& page, std::uint64_t schema, std::span<std::byte> values) noexcept {
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const auto commits = page.kept_commits.load(acquire);
    if (commits == 0 || page.kept_schema.load(acquire) != schema) return false;
    load(page.kept[commits % 2], values);
    if (page.kept_commits.load(acquire) == commits && page.kept_schema.load(acquire) == schema) {
      return true;
    }
  }
  return false;
}

Kept adopt_kept(StatusPage& page, std::uint64_t schema, std::span<std::byte> values) noexcept {
  if (page.kept_schema.load(acquire) == schema) {
    return read_kept(page, schema, values) ? Kept::values : Kept::nothing;
  }
  const bool forgets = page.kept_commits.load(acquire) != 0;
  page.kept_commits.store(0, release);  // before the schema: the old values are not of the new one
  page.kept_schema.store(schema, release);
  return forgets ? Kept::another_schema : Kept::nothing;
}

void commit_kept(StatusPage& page, std::span<const std::byte> values) noexcept {
  const auto commit = page.kept_commits.load(relaxed) + 1;  // nobody else writes it
  store(page.kept[commit % 2], values);
  page.kept_commits.store(commit, release);
}

void forget_kept(StatusPage& page) noexcept { page.kept_commits.store(0, release); }

}  // namespace vcengine::wire
