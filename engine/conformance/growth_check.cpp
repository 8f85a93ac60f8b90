#include <dirent.h>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

#include "engine/conformance/bench.hpp"
#include "engine/conformance/checks.hpp"
#include "engine/conformance/growth_verdict.hpp"

namespace vcengine {

namespace {

constexpr std::size_t kWindows = 5;
constexpr std::size_t kPeriod = 8;  // of the test frames: measured at equal content

/// A sanitizer has a malloc of its own, which keeps what was freed, and tells glibc nothing.
constexpr bool kSanitized =
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    true;
#else
    false;
#endif

class UsageMeter {
 public:
  UsageMeter() : descriptors_(::opendir("/proc/self/fd")), tasks_(::opendir("/proc/self/task")) {}

  Usage measure() const {
    const auto heap = ::mallinfo2();
    return {.heap = static_cast<std::int64_t>(heap.uordblks + heap.hblkhd),
            .resident = resident(),
            .descriptors = entries(descriptors_.get()),
            .threads = entries(tasks_.get())};
  }

 private:
  struct Close {
    void operator()(DIR* folder) const { ::closedir(folder); }
  };
  using Folder = std::unique_ptr<DIR, Close>;

  /// Of a folder opened early: a block that leaks descriptors leaves none to open it with.
  static std::int64_t entries(DIR* folder) {
    if (folder == nullptr) return 0;
    ::rewinddir(folder);
    std::int64_t count = 0;
    while (::readdir(folder) != nullptr) ++count;
    return count;
  }

  /// Private pages: those of the wires, which are shared ones, are not the block's.
  std::int64_t resident() const {
    ::rewind(status_.get());
    ::fflush(status_.get());
    std::array<char, 256> line{};
    long long kibibytes = 0;
    while (std::fgets(line.data(), static_cast<int>(line.size()), status_.get()) != nullptr) {
      if (std::sscanf(line.data(), "RssAnon: %lld kB", &kibibytes) == 1) break;
    }
    return kibibytes << 10;
  }

  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Folder descriptors_, tasks_;
  std::unique_ptr<std::FILE, CloseFile> status_{std::fopen("/proc/self/status", "r")};
};

[[noreturn]] void throw_too_short(std::size_t frames, std::size_t needed) {
  throw CheckSkipped("it ended after " + std::to_string(frames) + " frames; " +
                     std::to_string(needed) + " are needed to tell (--frames asks for fewer)");
}

}  // namespace

void check_growth(const Subject& subject, Findings& findings) {
  if (kSanitized) throw CheckSkipped("a sanitizer keeps what is freed: use a build without one");
  const auto window =
      std::max<std::size_t>(subject.request.frames / kWindows / kPeriod, 1) * kPeriod;
  const auto warm_up = std::max<std::size_t>(window, 160);  // each slot of a wire was used once
  subject.progress.stage("a long stream");
  const UsageMeter meter;
  meter.measure();                        // its own buffers are allocated now
  std::array<Usage, kWindows + 1> usage;  // before the block, so that measuring allocates nothing
  Bench bench(subject);
  std::size_t frames = 0;
  std::size_t refused = 0;
  for (std::size_t sample = 0; sample <= kWindows; ++sample) {
    const auto length = sample == 0 ? warm_up : window;
    for (std::size_t i = 0; i < length; ++i, ++frames) {
      const auto step = bench.round({.number = frames});
      if (step.outcome == Outcome::ended) throw_too_short(frames, warm_up + kWindows * window);
      if (step.outcome == Outcome::threw) ++refused;
      const bool in_window = i + window >= length;  // of the warm-up the end only
      if (!in_window || (i + 1) % kPeriod != 0) continue;
      const auto now = meter.measure();
      const bool first = i + window < length + kPeriod;
      usage[sample] = first ? now : least(usage[sample], now);
    }
  }
  if (refused > 0) {
    findings.note("threw at " + std::to_string(refused) + " of " + std::to_string(frames) +
                  " frames");
  }
  if (const auto verdict = growth_verdict(usage, window)) findings.fail(*verdict);
  subject.progress.stage("stopped after a long stream");
  if (const auto words = bench.stop()) findings.note("stop(): " + brief(*words));
}

}  // namespace vcengine
