/// What a dying worker writes into a file that the host gave it, and the host reads after reaping
/// it: one CrashRecord at offset 0, then a copy of /proc/self/maps up to the end of the file.
///
/// The worker may die at any instruction of writing it, and may have overwritten anything before:
/// the host takes an unfinished or senseless record for none at all. See
/// engine/crash/crash_report.hpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace vcengine {

struct CrashRecord {
  static constexpr std::uint64_t kMagic = 0x3268736172637676ULL;  // "vvcrash2"
  static constexpr std::size_t kMaxFrames = 32;
  static constexpr std::size_t kMaxInputName = 64;

  std::uint64_t magic = kMagic;
  std::int32_t signal = 0;
  std::int32_t code = 0;      ///< si_code
  std::uint64_t address = 0;  ///< si_addr
  std::uint64_t stack_pointer = 0;
  std::uint64_t error = 0;  ///< errno: ENOMEM if the last call that failed wanted memory
  std::uint64_t frame_count = 0;
  std::array<std::uint64_t, kMaxFrames>
      frames{};  ///< [0]: crashing instruction; then return addresses
  std::array<char, kMaxInputName> read_only_input{};  ///< input that was written to; empty: none
};
static_assert(std::is_trivially_copyable_v<CrashRecord>);
static_assert(sizeof(CrashRecord) == 48 + 32 * 8 + 64, "no padding: every byte is written");

}  // namespace vcengine
