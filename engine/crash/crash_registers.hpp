/// The parts of a crash that differ between processors, and looking at memory that may not be
/// there. All of it is async-signal-safe. [worker]
#pragma once

#include <cstdint>

#include "engine/crash/crash_record.hpp"

namespace vcengine {

/// All 0 on a processor that is not known here.
struct CrashRegisters {
  std::uintptr_t instruction = 0;
  std::uintptr_t stack_pointer = 0;
  std::uintptr_t frame_pointer = 0;
  std::uintptr_t link = 0;  ///< return address, on processors that keep it in a register
};

/// `context` is the third argument of a signal handler.
CrashRegisters crash_registers(const void* context) noexcept;

bool is_readable(std::uintptr_t address) noexcept;

/// Fills in record.frames: good for code of this project, and for calls of a bad function pointer,
/// where tables do not help. Reads only through the kernel, which refuses what is not mapped.
void unwind_by_frame_pointers(const CrashRegisters& registers, CrashRecord& record) noexcept;

}  // namespace vcengine
