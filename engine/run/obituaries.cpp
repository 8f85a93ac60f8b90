#include "engine/run/obituaries.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

namespace vcengine {

Obituaries::Obituaries(RunConsole& console, Symbolizer symbolizer)
    : console_(console),
      symbolizer_(std::move(symbolizer)),
      ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!ready_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

std::shared_future<CrashInfo> Obituaries::add(Death death) {
  const auto task = std::make_shared<std::packaged_task<CrashInfo()>>(
      [this, signal = death.signal, plugin = std::move(death.plugin),
       report = std::move(death.report)] {
        return read_crash_report(report.get(), signal, plugin, symbolizer_);
      });
  auto& obituary = waiting_.emplace_back();
  obituary.circuit = std::move(death.circuit);
  obituary.block = std::move(death.block);
  obituary.frame = death.frame;
  obituary.memory = death.memory;
  const auto crash = task->get_future().share();
  obituary.crash = crash;
  const auto read = [this, task] {
    (*task)();
    ::eventfd_write(ready_.get(), 1);  // when it can be had, and not before
  };
  try {
    obituary.reader = std::jthread(read);
  } catch (const std::system_error&) {  // there can be no more threads
    read();
  }
  return crash;
}

void Obituaries::add_note(std::string note) {
  if (waiting_.empty()) return console_.note(note);
  waiting_.back().notes.push_back(std::move(note));
}

void Obituaries::add_notes(std::vector<std::string> notes) {
  for (auto& note : notes) add_note(std::move(note));
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
  const auto& crash = obituary.crash.get();
  console_.error(crash_message(crash, obituary.circuit, obituary.block, obituary.frame) +
                 memory_message(crash, obituary.memory));
  for (const auto& line : crash.backtrace) console_.block_error(obituary.block, "  " + line);
  for (const auto& note : obituary.notes) console_.note(note);
}

}  // namespace vcengine
