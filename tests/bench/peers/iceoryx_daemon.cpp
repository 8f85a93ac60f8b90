#include "iceoryx_daemon.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "clock.hpp"
#include "iceoryx_posh/iceoryx_posh_config.hpp"
#include "iceoryx_posh/roudi/iceoryx_roudi_app.hpp"
#include "iceoryx_posh/runtime/posh_runtime.hpp"
#include "questions.hpp"

namespace vcengine::bench {

namespace {

constexpr std::int64_t kPatience = 20'000'000'000;  // ns
constexpr std::int64_t kLook = 10'000'000;

void run_daemon() {
  ::alarm(0);                          // it lives as long as the benchmark
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // and tidies up even if that is killed
  const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);  // it greets, in colours
  ::dup2(nowhere, STDOUT_FILENO);
  ::dup2(nowhere, STDERR_FILENO);
  iox::mepoo::MePooConfig pools;
  for (const auto& size : kFrameSizes) {
    // Written, on their way, in a hand, kept by the publisher: both ways, and one to spare each.
    pools.addMemPool({static_cast<std::uint32_t>(size.bytes), 12});
  }
  const auto group = iox::posix::PosixGroup::getGroupOfCurrentProcess();
  iox::RouDiConfig_t config;
  config.m_sharedMemorySegments.push_back({group.getName(), group.getName(), pools});
  iox::config::CmdLineArgs_t arguments;
  arguments.logLevel = iox::log::LogLevel::kError;
  iox::roudi::IceOryxRouDiApp(arguments, config).run();
}

bool has_ended(pid_t process) {
  siginfo_t info{};
  return ::waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == process;
}

}  // namespace

void join_iceoryx(const std::string& name) {
  iox::log::LogManager::GetLogManager().SetDefaultLogLevel(iox::log::LogLevel::kError,
                                                           iox::log::LogLevelOutput::kHideLogLevel);
  iox::runtime::PoshRuntime::initRuntime(
      iox::RuntimeName_t(iox::cxx::TruncateToCapacity, name.c_str(), name.size()));
}

IceoryxDaemon::IceoryxDaemon() {
  const auto daemon = processes_.start({}, run_daemon);
  Processes clients;
  const auto client = clients.start({}, [] { join_iceoryx("vcengine_bench_probe"); });
  const auto due = now_ns() + kPatience;
  while (!has_ended(client)) {
    if (has_ended(daemon) || now_ns() > due) {
      throw std::runtime_error(
          "iceoryx's daemon did not come up: does another one run, or is /dev/shm too small?");
    }
    sleep_until(now_ns() + kLook);
  }
  clients.wait();
}

IceoryxDaemon::~IceoryxDaemon() {
  for (const auto daemon : processes_.running()) {
    ::kill(daemon, SIGTERM);
    const auto due = now_ns() + kPatience;
    while (!has_ended(daemon) && now_ns() < due) sleep_until(now_ns() + kLook);
  }
}

}  // namespace vcengine::bench
