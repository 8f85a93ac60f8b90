/// What the user reads about workers that died of a signal. To find the source line takes a tenth
/// of a second, and a successor is not to wait for that: it is done on threads of their own.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/crash/crash_report.hpp"
#include "engine/run/run_console.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

class Obituaries {
 public:
  struct Death {
    std::string circuit, block;
    std::optional<std::uint64_t> frame;  ///< that it worked on
    int signal = 0;
    std::filesystem::path plugin;
    std::optional<std::uint64_t> memory;  ///< its limit
    FileDescriptor report;                ///< what it wrote last
  };

  /// Throws std::system_error.
  Obituaries(RunConsole& console, Symbolizer symbolizer);

  /// What happened, once it is known.
  std::shared_future<CrashInfo> add(Death death);
  /// A line that belongs behind those of the deaths up to now.
  void add_note(std::string note);
  void add_notes(std::vector<std::string> notes);
  int fd() const noexcept { return ready_.get(); }  ///< readable when print_ready() has something
  void print_ready();
  void print_all();  ///< waits for those that are not ready

 private:
  struct Obituary {
    std::string circuit, block;
    std::optional<std::uint64_t> frame, memory;
    std::shared_future<CrashInfo> crash;
    std::vector<std::string> notes;
    std::jthread reader;  // last: it ends before the rest does
  };

  void print_first();

  RunConsole& console_;
  const Symbolizer symbolizer_;
  FileDescriptor ready_;
  std::deque<Obituary> waiting_;  // in the order of the deaths
};

}  // namespace vcengine
