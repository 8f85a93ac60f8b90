/// vcengine-worker: the process of one block. Started by the host only:
///   vcengine-worker --parent PID          control socket: descriptor 3, crash report: descriptor 4
///   vcengine-worker --describe FILE …     see describe_worker.hpp
///   vcengine-worker --rerun CAPSULE       without a host, under gdb
///   vcengine-worker --check CAPSULE       the same without a limit of memory, under valgrind
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

#include "engine/catalog/describe_worker.hpp"
#include "engine/crash/crash_handler.hpp"
#include "engine/process/worker_descriptors.hpp"
#include "engine/worker/rerun_session.hpp"
#include "engine/worker/worker_session.hpp"

namespace {

/// The large buffers that OpenCV's functions allocate come and go with every frame. glibc's
/// defaults give them back to the kernel each time, which then hands out zeroed pages again, one
/// fault each: 400 faults a frame in Canny on 768x576. Without them circuits/edges.yaml takes a
/// sixth less time. (32 MiB is the most that glibc takes for the first.)
void keep_freed_memory() {
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);
  ::mallopt(M_TRIM_THRESHOLD, 128 << 20);
}

int work(pid_t parent) {
  // The first act: no worker outlives its host, not even one that was killed between these two
  // calls.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) return EXIT_FAILURE;
  keep_freed_memory();

  for (const int fd : {vcengine::kControlDescriptor, vcengine::kCrashDescriptor}) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
      std::fputs("vcengine-worker is started by vcengine, not by hand\n", stderr);
      return EXIT_FAILURE;
    }
  }
  static vcengine::CrashSite crash_site;
  vcengine::install_crash_handler(crash_site, vcengine::kCrashDescriptor);
  return vcengine::serve_host(
      vcengine::Channel(vcengine::FileDescriptor(vcengine::kControlDescriptor)), crash_site);
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<const char* const> args(argv + 1,
                                          static_cast<std::size_t>(argc > 0 ? argc - 1 : 0));
  int status = EXIT_FAILURE;
  if (!args.empty() && std::strcmp(args[0], "--describe") == 0) {
    status = vcengine::describe_main(args);
  } else if (args.size() == 2 && std::strcmp(args[0], "--parent") == 0) {
    status = work(static_cast<pid_t>(std::atol(args[1])));
  } else if (args.size() == 2 &&
             (std::strcmp(args[0], "--rerun") == 0 || std::strcmp(args[0], "--check") == 0)) {
    keep_freed_memory();
    static vcengine::CrashSite crash_site;  // nobody asks for it: no handler is installed
    const bool limits = std::strcmp(args[0], "--rerun") == 0;
    status = vcengine::rerun_capsule(args[1], limits, crash_site);
  } else {
    std::fputs("vcengine-worker is started by vcengine, not by hand\n", stderr);
  }
  // The block's own end was its stop() and destructor. Destructors of statics in libraries that it
  // brought (Qt, FFmpeg) are known to crash at exit and would look like a crash of the block.
  std::fflush(nullptr);
  std::_Exit(status);
}
