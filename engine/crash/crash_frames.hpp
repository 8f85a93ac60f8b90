/// The stack of a crash, from addresses to names, and which of its frames an author wants to see.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/crash/memory_map.hpp"

namespace vcengine {

struct CrashFrame {
  struct Place {
    std::string function;     ///< "": unknown
    std::string source_line;  ///< "/home/me/blocks/edge_detector.cpp:31"; "": unknown
  };
  std::uint64_t address = 0;
  FilePosition code;          ///< no file: the address is not code
  std::vector<Place> places;  ///< innermost first: a function, then those it was inlined into
};

/// `addresses` are [0] the crashing instruction, then return addresses. `symbolize` as in
/// crash_report.hpp; an answer that is too short or makes no sense leaves frames without names.
std::vector<CrashFrame> find_frames(
    std::span<const std::uint64_t> addresses, const MemoryMap& map,
    const std::function<std::string(const std::vector<std::string>&)>& symbolize);

/// The innermost place in the source of `plugin`; else the innermost in it, else the innermost with
/// a line of anything, else any function name. Headers of the standard library, OpenCV and the SDK
/// are not the author's source: a bad index into a cv::Mat is inlined from there, and the line that
/// passed it counts. The result's source_line has no folder.
CrashFrame::Place find_culprit(std::span<const CrashFrame> frames,
                               const std::filesystem::path& plugin);

/// One line each for a log: "vision::f(int) at /home/me/a.cpp:31", "libcv.so+0x12f0".
std::vector<std::string> describe(std::span<const CrashFrame> frames);

}  // namespace vcengine
