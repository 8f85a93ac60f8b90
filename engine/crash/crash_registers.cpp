#include "engine/crash/crash_registers.hpp"

#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>

namespace vcengine {

namespace {

/// False where nothing is mapped, and where a sandbox forbids the call.
template <std::size_t N>
bool read_words(std::uintptr_t address, std::array<std::uintptr_t, N>& words) noexcept {
  const iovec here{words.data(), sizeof words};
  const iovec there{reinterpret_cast<void*>(address), sizeof words};
  return ::process_vm_readv(::getpid(), &here, 1, &there, 1, 0) == ssize_t{sizeof words};
}

void add(CrashRecord& record, std::uintptr_t address) noexcept {
  if (record.frame_count < CrashRecord::kMaxFrames) record.frames[record.frame_count++] = address;
}

}  // namespace

CrashRegisters crash_registers(const void* context) noexcept {
  [[maybe_unused]] const auto& machine = static_cast<const ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  const auto value = [&](int index) { return static_cast<std::uintptr_t>(machine.gregs[index]); };
  return {value(REG_RIP), value(REG_RSP), value(REG_RBP), 0};
#elif defined(__aarch64__)
  return {machine.pc, machine.sp, machine.regs[29], machine.regs[30]};
#else
  return {};
#endif
}

bool is_readable(std::uintptr_t address) noexcept {
  std::array<std::uintptr_t, 1> word{};
  return read_words(address, word);
}

void unwind_by_frame_pointers(const CrashRegisters& registers, CrashRecord& record) noexcept {
  add(record, registers.instruction);
  if (!is_readable(registers.instruction)) {
    // A call of a bad pointer: the callee has not set up its frame, so the caller is not in the
    // chain.
    std::array<std::uintptr_t, 1> top{registers.link};
    if (registers.link != 0 || read_words(registers.stack_pointer, top)) add(record, top[0]);
  }
  std::uintptr_t frame = registers.frame_pointer;
  std::array<std::uintptr_t, 2> next_and_return{};
  while (record.frame_count < CrashRecord::kMaxFrames && read_words(frame, next_and_return)) {
    const auto [next, caller] = next_and_return;
    if (caller == 0) return;
    add(record, caller);
    if (next <= frame) return;  // stacks grow down: anything else is no chain
    frame = next;
  }
}

}  // namespace vcengine
