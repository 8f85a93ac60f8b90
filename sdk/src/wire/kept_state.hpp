/// What a block keeps over the death of its process: two copies in its status page, and a word that
/// says which of them counts.
///
/// Actors: the block's worker writes; its successor, which maps the same page once the worker is
/// reaped, reads and then writes; the host may look at any time.
/// Invariants:
///  1. The copy that `kept_commits` names is whole, and nobody writes to it while it is named.
///  2. `kept_schema` changes only while `kept_commits` is 0.
/// Orders: every store is a release and every load of somebody else's an acquire. So who sees a
/// word of commit n + 2 also sees that commit n, whose copy it overwrites, is no longer named.
/// Killed at any instruction of commit(), a worker leaves the commit before it, or this one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wire/layout.hpp"

namespace vcengine::wire {

/// Copies out what was committed last. False if nothing was, if it is of another schema, or if it
/// changes faster than it can be copied; `values` are rubbish then.
bool read_kept(const StatusPage& page, std::uint64_t schema, std::span<std::byte> values) noexcept;

/// What a worker finds on its page.
enum class Kept {
  nothing,         ///< it is the first, or its predecessor came to no commit
  values,          ///< of its predecessor
  another_schema,  ///< forgotten by now: no use to this block
};

/// Makes the page this worker's. Before its first commit. `values` as read_kept() leaves them.
Kept adopt_kept(StatusPage& page, std::uint64_t schema, std::span<std::byte> values) noexcept;

/// At most kKeptBytes. After adopt_kept(), by the same worker.
void commit_kept(StatusPage& page, std::span<const std::byte> values) noexcept;

/// The next worker finds nothing.
void forget_kept(StatusPage& page) noexcept;

}  // namespace vcengine::wire
