#include "engine/run/obituaries.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace vcengine {

Obituaries::Obituaries(RunConsole& console, Symbolizer symbolizer)
    : console_(console),
      symbolizer_(std::move(symbolizer)),
      ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!ready_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

void Obituaries::add(Death death) {
  auto read = [this, signal = death.signal, plugin = std::move(death.plugin),
               report = std::move(death.report)] {
    auto crash = read_crash_report(report.get(), signal, plugin, symbolizer_);
    ::eventfd_write(ready_.get(), 1);
    return crash;
  };
  std::future<CrashInfo> crash;
  try {
    crash = std::async(std::launch::async, std::move(read));
  } catch (const std::system_error&) {  // there can be no more threads
    crash = std::async(std::launch::deferred, std::move(read));
    ::eventfd_write(ready_.get(), 1);
  }
  waiting_.push_back({.circuit = std::move(death.circuit),
                      .block = std::move(death.block),
                      .frame = death.frame,
                      .memory = death.memory,
                      .crash = std::move(crash),
                      .notes = {}});
}

void Obituaries::add_note(std::string note) {
  if (waiting_.empty()) return console_.note(note);
  waiting_.back().notes.push_back(std::move(note));
}

void Obituaries::print_ready() {
  eventfd_t ignored = 0;
  ::eventfd_read(ready_.get(), &ignored);
  while (!waiting_.empty() &&
         waiting_.front().crash.wait_for(std::chrono::seconds(0)) != std::future_status::timeout) {
    print_first();
  }
}

void Obituaries::print_all() {
  while (!waiting_.empty()) print_first();
}

void Obituaries::print_first() {
  auto obituary = std::move(waiting_.front());
  waiting_.pop_front();
  const auto crash = obituary.crash.get();
  console_.error(crash_message(crash, obituary.circuit, obituary.block, obituary.frame) +
                 memory_message(crash, obituary.memory));
  for (const auto& line : crash.backtrace) console_.block_error(obituary.block, "  " + line);
  for (const auto& note : obituary.notes) console_.note(note);
}

}  // namespace vcengine
