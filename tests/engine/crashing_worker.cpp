// crashing_worker PLUGIN HOW: stands for a worker that loads a block and crashes in it. Its report
// goes to descriptor 3.
#include <dlfcn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <string_view>
#include <thread>

#include "engine/crash/crash_handler.hpp"

namespace {

vcengine::CrashSite site;

int crash_in_forked_child() {
  const pid_t child = ::fork();
  if (child == 0) std::raise(SIGSEGV);
  return ::waitpid(child, nullptr, 0) == child ? 0 : 1;
}

}  // namespace

int main(int, char** argv) {
  constexpr int kReport = 3;
  constexpr std::size_t kInputBytes = 4096;
  const rlimit no_core_files{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core_files);
  void* input = ::mmap(nullptr, kInputBytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  site.add_read_only(input, static_cast<char*>(input) + kInputBytes, "image");
  vcengine::install_crash_handler(site, kReport);

  void* plugin = ::dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
  if (plugin == nullptr) return 2;
  auto* crash = reinterpret_cast<int (*)(const char*, void*)>(::dlsym(plugin, "crash"));
  const std::string_view how = argv[2];
  if (how == "forked_child") return crash_in_forked_child();
  if (how == "in_a_thread") {
    std::thread([&] { crash("write_null", input); }).join();
    return 0;
  }
  return crash(argv[2], input);
}
