#include "engine/crash/crash_report.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include "engine/control/byte_size.hpp"
#include "engine/crash/crash_frames.hpp"
#include "engine/crash/crash_record.hpp"
#include "engine/crash/memory_map.hpp"
#include "engine/show/terminal_text.hpp"

namespace vcengine {

namespace {

using namespace std::chrono_literals;

/// Thousands of mappings; a worker that wrote more is not read to the end.
constexpr std::size_t kMaxReportBytes = std::size_t{4} << 20;

/// Not mapped: the file may shrink meanwhile.
std::string read_file(int fd) {
  std::string bytes;
  std::size_t size = 0;
  while (size < kMaxReportBytes) {
    bytes.resize(std::min(kMaxReportBytes, size + (std::size_t{64} << 10)));
    const ssize_t got =
        ::pread(fd, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  bytes.resize(size);
  return bytes;
}

std::optional<CrashRecord> parse_record(std::string_view bytes) {
  CrashRecord record;
  if (bytes.size() < sizeof record) return std::nullopt;
  std::memcpy(&record, bytes.data(), sizeof record);
  const bool plausible = record.magic == CrashRecord::kMagic && record.signal > 0 &&
                         record.signal < NSIG && record.frame_count <= CrashRecord::kMaxFrames;
  return plausible ? std::optional(record) : std::nullopt;
}

std::string name_of(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name != nullptr ? fmt::format("SIG{}", name) : fmt::format("signal {}", signal);
}

/// The first touch below the end of a stack is at the stack pointer, or within one local array of
/// it.
bool is_stack_overflow(const CrashRecord& record) {
  constexpr std::uint64_t kBelow = 64 << 10;
  constexpr std::uint64_t kAbove = 4 << 10;
  return record.signal == SIGSEGV && record.stack_pointer >= kBelow &&
         record.address >= record.stack_pointer - kBelow &&
         record.address - (record.stack_pointer - kBelow) < kBelow + kAbove;
}

}  // namespace

Symbolizer symbolizer(std::filesystem::path program, RunChildren run) {
  return
      [program = std::move(program), run = std::move(run)](const std::vector<std::string>& places) {
        ChildCommand command{{program.string(), "--fd", fmt::to_string(ChildCommand::kOutput)}};
        command.argv.insert(command.argv.end(), places.begin(), places.end());
        ChildLimits limits;
        limits.timeout = 3s;
        const auto results = run(std::span(&command, 1), limits);
        return results.empty() ? std::string() : results.front().output;
      };
}

CrashInfo read_crash_report(int report_fd, int signal, const std::filesystem::path& plugin,
                            const Symbolizer& symbolize) {
  CrashInfo crash;
  crash.signal = signal;
  const std::string bytes = read_file(report_fd);
  if (const auto record = parse_record(bytes)) {
    // A worker that hung while it wrote has been killed; what it died of is what it reported.
    crash.signal = record->signal;
    const auto& input = record->read_only_input;
    crash.read_only_input =
        one_terminal_line({input.data(), ::strnlen(input.data(), input.size())});
    crash.stack_overflow = is_stack_overflow(*record);
    crash.wanted_memory = record->error == ENOMEM;
    const MemoryMap map(std::string_view(bytes).substr(sizeof *record));
    crash.own_memory = map.own_memory();
    const std::span addresses(record->frames.data(), record->frame_count);
    std::error_code ignored;
    const auto loaded = std::filesystem::weakly_canonical(plugin, ignored);
    const auto frames = find_frames(addresses, map, symbolize);
    crash.backtrace = describe(frames);
    const auto culprit = find_culprit(frames, loaded.empty() ? plugin : loaded);
    crash.function = culprit.function;
    crash.source_line = culprit.source_line;
  }
  crash.signal_name = name_of(crash.signal);
  return crash;
}

std::string crash_message(const CrashInfo& crash, std::string_view circuit, std::string_view block,
                          std::optional<std::uint64_t> frame) {
  if (!crash.read_only_input.empty()) {
    std::string text = fmt::format("block {} wrote to its read-only input '{}'; clone() it first",
                                   block, crash.read_only_input);
    return crash.source_line.empty() ? text : fmt::format("{} ({})", text, crash.source_line);
  }
  std::string text = fmt::format("worker {}/{} died ({}{})", circuit, block, crash.signal_name,
                                 crash.stack_overflow ? ", stack overflow" : "");
  if (frame) text += fmt::format(" at frame {}", *frame);
  if (!crash.function.empty()) text += fmt::format(", in {}", crash.function);
  if (!crash.source_line.empty()) {
    text += fmt::format("{} at {}", crash.function.empty() ? "," : "", crash.source_line);
  }
  return text;
}

std::string memory_message(const CrashInfo& crash, std::optional<std::uint64_t> limit) {
  // malloc() asks the kernel for 128 KiB more than it needs, and for pages.
  constexpr std::uint64_t kNoRoom = 256 << 10;
  const bool used_up = crash.wanted_memory || (limit && crash.own_memory + kNoRoom > *limit);
  return limit && used_up ? fmt::format("; it had used up its memory: {}", size_text(*limit)) : "";
}

}  // namespace vcengine
