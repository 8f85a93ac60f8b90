// The last words of a worker that crashed, which may be any bytes, and what a symbolizer says of
// them, which may be as well: the host has a message of one line for each.
#include "engine/crash/crash_report.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "engine/crash/crash_record.hpp"
#include "file_descriptor.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace vcengine::fuzz {
namespace {

CrashRecord record_of(Input& input) {
  CrashRecord record;
  record.signal = input.flag() ? SIGSEGV : static_cast<std::int32_t>(input.word(SIGABRT));
  record.address = input.word(0x401010);
  record.stack_pointer = input.word(record.address);
  record.frame_count =
      input.flag() ? input.below(CrashRecord::kMaxFrames + 1) : input.word(CrashRecord::kMaxFrames);
  for (std::size_t i = 0; i < 4; ++i) record.frames[i] = input.word(0x401010);
  const auto name = input.text(input.below(CrashRecord::kMaxInputName + 1));
  std::ranges::copy(name, record.read_only_input.begin());
  return record;
}

void write_report(int file, Input& input, std::string_view maps) {
  std::string bytes;
  if (input.flag()) {
    const auto record = record_of(input);
    bytes.assign(reinterpret_cast<const char*>(&record),
                 sizeof record - (input.below(8) == 0 ? 1 : 0));
  }
  bytes += maps;
  require(::ftruncate(file, 0) == 0 &&
              ::pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()),
          "the report is written");
}

void require_one_line(std::string_view text) {
  require(std::ranges::none_of(text, [](char c) { return c == '\n' || c == '\r'; }),
          "a message is one line");
}

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace vcengine;
  static const FileDescriptor file(::memfd_create("report", MFD_CLOEXEC));
  fuzz::Input input(data, size);
  // The text is in front, for people to write.
  const auto text = input.text(size > 64 ? size - 64 : 0);
  const auto symbols = text.substr(0, std::min(text.find('\f'), text.size()));
  const auto maps = text.substr(std::min(symbols.size() + 1, text.size()));
  fuzz::write_report(file.get(), input, maps);
  const auto crash =
      read_crash_report(file.get(), SIGKILL, "/opt/detect.so",
                        [&](const std::vector<std::string>&) { return std::string(symbols); });
  fuzz::require(crash.signal > 0 && !crash.signal_name.empty(), "the signal is known at least");
  fuzz::require_one_line(crash_message(crash, "circuit", "block", 1));
  for (const auto& line : crash.backtrace) fuzz::require_one_line(line);
  return 0;
}
