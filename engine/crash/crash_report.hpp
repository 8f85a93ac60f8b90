/// What happened to a worker that died of a signal, from what it wrote last
/// (engine/crash/crash_record.hpp). The worker was broken, so all of it is distrusted: any bytes
/// give an answer, at worst the signal alone. [host, after the worker is reaped]
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/process/child_process.hpp"

namespace vcengine {

struct CrashInfo {
  int signal = 0;
  std::string signal_name;      ///< "SIGSEGV"
  std::string function;         ///< innermost one of the plugin, or else of anything; "": unknown
  std::string source_line;      ///< "edge_detector.cpp:31"; "": unknown
  std::string read_only_input;  ///< the input that the block wrote to; "": none
  bool stack_overflow = false;
  bool wanted_memory = false;          ///< the last call that failed did for want of it
  std::uint64_t own_memory = 0;        ///< bytes that it had and shared with nobody
  std::vector<std::string> backtrace;  ///< innermost first, inlined calls too; for a log
};

/// Takes pairs of file and offset, gives the output of vcengine-symbolize for them (or less).
using Symbolizer = std::function<std::string(const std::vector<std::string>& files_and_offsets)>;

/// Runs the program at this path, for 3 s at most.
Symbolizer symbolizer(std::filesystem::path program, RunChildren run = run_children);

/// `signal` is the one that the wait status names, `plugin` the block's .so, as it was loaded.
CrashInfo read_crash_report(int report_fd, int signal, const std::filesystem::path& plugin,
                            const Symbolizer& symbolize);

/// "worker edges/detect died (SIGSEGV) at frame 1042, in vision::EdgeDetector::process() at
/// edge_detector.cpp:31" "block detect wrote to its read-only input 'image'; clone() it first
/// (edge_detector.cpp:31)"
std::string crash_message(const CrashInfo& crash, std::string_view circuit, std::string_view block,
                          std::optional<std::uint64_t> frame);

/// "; it had used up its memory: 512 MB", to go on with; nothing if it had not, or has no limit.
std::string memory_message(const CrashInfo& crash, std::optional<std::uint64_t> limit);

}  // namespace vcengine
