#include "engine/worker/debugger_wait.hpp"

#include <cxxabi.h>
#include <poll.h>
#include <sys/prctl.h>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <typeinfo>

namespace vcengine {

namespace {

/// "(anonymous namespace)::EdgeDetector"
std::string class_name(const Block& block) {
  const char* mangled = typeid(block).name();
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(mangled, nullptr, nullptr, &status), &std::free);
  return name ? name.get() : mangled;
}

/// The entry of the block's virtual table that &Block::process stands for, as the Itanium C++ ABI
/// has it, which both compilers follow: gdb stops there too if it knows no names.
std::uintptr_t process_address(const Block& block) {
  struct MemberPointer {
    std::uintptr_t function;
    std::ptrdiff_t adjustment;
  };
  const auto member = std::bit_cast<MemberPointer>(&Block::process);
#if defined(__arm__) || defined(__aarch64__)
  const auto offset = member.function;  // that it is virtual is said in `adjustment`
#else
  const auto offset = member.function - 1;
#endif
  const auto* table = *reinterpret_cast<const std::byte* const*>(&block);
  return *reinterpret_cast<const std::uintptr_t*>(table + offset);
}

bool is_traced() {
  const std::string label = "TracerPid:";
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(label)) return std::stol(line.substr(label.size())) != 0;
  }
  return false;
}

}  // namespace

bool wait_for_debugger(const Channel& host, const Block& block) {
  // Yama lets only ancestors trace; gdb is a child of the host like this process. Refused where
  // there is no Yama.
  ::prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  host.send({{"op", "debug_wait"},
             {"class", class_name(block)},
             {"process", static_cast<std::int64_t>(process_address(block))}});
  // Nothing comes from the host before the next step, so the socket becomes readable only if it is
  // gone. The kernel tells nobody that he is traced.
  constexpr int kLookEvery = 20;  // ms
  while (!is_traced()) {
    pollfd socket{.fd = host.fd(), .events = POLLIN, .revents = 0};
    if (::poll(&socket, 1, kLookEvery) > 0) return false;
  }
  ::prctl(PR_SET_PTRACER, 0);
  return true;
}

}  // namespace vcengine
