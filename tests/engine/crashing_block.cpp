// Stands for a plugin: a library that crashes in the way it is told, each in a function and on a
// line that crash_handler_test.cpp knows. Not optimised away: the compiler must not see what goes
// wrong.
#include <cstdlib>
#include <string_view>

namespace crashing {

volatile int zero = 0;
int* volatile null_pointer = nullptr;
void (*volatile null_function)() = nullptr;

[[gnu::noinline]] int write_null() {
  *null_pointer = 1;  // line: write_null
  return zero;
}

inline void poke(unsigned char* place) { *place = 7; }  // line: poke

[[gnu::noinline]] int write_input(void* input) {
  poke(static_cast<unsigned char*>(input) + 100);  // line: write_input
  return zero;
}

[[gnu::noinline]] int call_abort() {
  if (zero == 0) std::abort();  // line: call_abort
  return zero;
}

[[gnu::noinline]] int divide() {
  return 7 / zero;  // line: divide
}

[[gnu::noinline]] int call_null() {
  null_function();  // line: call_null
  return zero;
}

[[gnu::noinline]] int overflow_stack(volatile int* outer) {
  if (zero != 0) return 0;
  volatile int local[1000];
  local[0] = *outer + 1;
  return overflow_stack(local) + local[0];
}

extern "C" int compare_badly(const void*, const void*) {
  *null_pointer = 1;  // line: compare_badly
  return 0;
}

/// Through a function of libc, which keeps no frame pointers.
[[gnu::noinline]] int crash_below_libc() {
  int values[2] = {2, 1};
  std::qsort(values, 2, sizeof values[0], compare_badly);
  return values[zero];
}

/// Leaves no way back: who unwinds by tables runs into nowhere.
[[gnu::noinline]] int smash_stack() {
  auto* volatile frame = static_cast<void**>(__builtin_frame_address(0));
  frame[1] = reinterpret_cast<void*>(0x1000);
  __builtin_trap();  // line: smash_stack
}

}  // namespace crashing

extern "C" [[gnu::visibility("default")]] int crash(const char* how, void* read_only) {
  using namespace crashing;
  const std::string_view kind = how;
  volatile int result =
      0;  // used after each call: a tail call would leave no frame of this function
  if (kind == "write_null") result = write_null();
  if (kind == "write_input") result = write_input(read_only);
  if (kind == "call_abort") result = call_abort();
  if (kind == "divide") result = divide();
  if (kind == "call_null") result = call_null();
  if (kind == "crash_below_libc") result = crash_below_libc();
  if (kind == "smash_stack") result = smash_stack();
  if (kind == "overflow_stack") result = overflow_stack(&result);
  return result;
}
