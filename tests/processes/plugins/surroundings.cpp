#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <thread>

#include <vcengine/block.hpp>

namespace vcengine::test {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "is not set" : '\'' + std::string(value) + '\'';
}

/// Before any code of the block's own.
const std::string kSeenWhileLoading = variable("SEEN_WHILE_LOADING");

void print_thread(const char* which) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  ::sched_getaffinity(0, sizeof cores, &cores);
  std::cout << which << " cores";
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(core, &cores)) std::cout << ' ' << core;
  }
  std::cout << '\n' << which << " nice " << ::getpriority(PRIO_PROCESS, 0) << '\n';
}

}  // namespace

/// Prints what its process has been given.
struct Surroundings final : Block {
  In<Any> in{this, "in", "Frames of any type"};
  Param<Path> path{this, "path", {.init = "a/file"}, "A path, printed"};
  Param<std::string> name{this, "name", {.init = "NAME"}, "A variable, printed"};

  void process() override {
    print_thread("main");
    std::thread([] { print_thread("second"); }).join();
    rlimit data{};
    ::getrlimit(RLIMIT_DATA, &data);
    std::cout << "limit " << static_cast<long long>(data.rlim_cur) << '\n';
    std::cout << "loading " << kSeenWhileLoading << '\n';
    std::cout << name.get() << ' ' << variable(name->c_str()) << '\n';
    std::cout << "cwd " << ::getcwd(buffer_, sizeof buffer_) << '\n';
    std::cout << "path " << path->string() << '\n' << std::flush;
  }

 private:
  char buffer_[4096] = {};
};

}  // namespace vcengine::test

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::test::Surroundings>("test.surroundings", "Says what it finds around it");
}
