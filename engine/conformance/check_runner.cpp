#include "engine/conformance/check_runner.hpp"

#include <stdlib.h>
#include <string.h>

#include <cerrno>
#include <sstream>
#include <system_error>

#include "engine/conformance/check_process.hpp"
#include "engine/conformance/recording.hpp"
#include "engine/conformance/scratch_folder.hpp"
#include "engine/conformance/valgrind.hpp"
#include "engine/control/program_path.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

namespace fs = std::filesystem;

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

/// The last lines that the block wrote: often the reason.
std::string last_words(const std::string& errors) {
  std::vector<std::string> lines;
  std::istringstream stream(errors);
  for (std::string line; std::getline(stream, line);) {
    if (!line.empty()) lines.push_back(printable_text(std::string_view(line).substr(0, 200)));
  }
  constexpr std::size_t kMost = 5;
  if (lines.empty()) return {};
  std::string text = "; the last lines it wrote:";
  for (auto i = lines.size() - std::min(lines.size(), kMost); i < lines.size(); ++i) {
    text += "\n  " + lines[i];
  }
  return text;
}

std::string in_words(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

CheckAnswer failed(std::string words) {
  return {.status = CheckStatus::failed, .failures = {std::move(words)}, .notes = {}, .reason = {}};
}

CheckAnswer skipped(std::string reason) {
  return {.status = CheckStatus::skipped, .failures = {}, .notes = {}, .reason = std::move(reason)};
}

/// Without the caches of each thread, whose chunks malloc counts as used: they fill for thousands
/// of frames where a block makes threads, which looks like a leak.
std::vector<std::string> with_exact_heap() {
  const auto env = find_program("env");
  if (!env) return {};
  return {env->string(), "GLIBC_TUNABLES=glibc.malloc.tcache_count=0"};
}

}  // namespace

CheckAnswer answer_of(const ChildResult& result, std::chrono::milliseconds timeout) {
  if (!result.launch_error.empty()) return failed("could not be made: " + result.launch_error);
  const auto read = read_progress(result.output);
  const auto place = ' ' + read.place();
  const auto words = last_words(result.errors);
  if (result.timed_out) {
    return failed("hangs: no answer within " + in_words(timeout) + place + words);
  }
  if (!read.rubbish.empty() || result.too_much_output) {
    return failed("writes to descriptor 3, which it did not open: '" +
                  printable_text(std::string_view(read.rubbish).substr(0, 80)) + "'" + words);
  }
  if (result.signal != 0) {
    return failed("crashed (" + signal_name(result.signal) + ")" + place + words);
  }
  if (result.exit_status != 0 || !read.answer) {
    return failed("ended the process (exit status " + std::to_string(result.exit_status) + ")" +
                  place + words);
  }
  return *read.answer;
}

CheckResult CheckRunner::run(const TestedType& tested, const Check& check) const {
  const auto start = std::chrono::steady_clock::now();
  CheckResult result{.check = std::string(check.name), .answer = answer(tested, check)};
  result.time = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::steady_clock::now() - start);
  return result;
}

CheckAnswer CheckRunner::answer(const TestedType& tested, const Check& check) const {
  if (check.name == "determinism") return compare_two_runs(tested, check);
  if (check.name == "valgrind") return run_under_valgrind(tested, check);
  const ScratchFolder folder(options_.folder);
  std::vector<std::string> before;
  if (check.name == "growth") before = with_exact_heap();
  return answer_of(run_child(request(tested, check), folder.path(), std::move(before)),
                   options_.timeout);
}

CheckAnswer CheckRunner::compare_two_runs(const TestedType& tested, const Check& check) const {
  CheckAnswer answer;
  std::vector<Recording> recordings;
  for (const unsigned seed : {1U, 2U}) {
    const ScratchFolder folder(options_.folder);
    auto request = this->request(tested, check);
    request.seed = seed;
    answer = answer_of(run_child(request, folder.path()), options_.timeout);
    if (answer.status != CheckStatus::passed) return answer;
    recordings.push_back(read_recording(folder.path() / "recording"));
  }
  const auto fills = [](unsigned seed) { return Fills{loan_fill(seed), heap_fill(seed)}; };
  if (const auto words = difference(recordings[0], recordings[1], fills(1), fills(2))) {
    answer.status = CheckStatus::failed;
    answer.failures.push_back("two runs with equal inputs differ: " + *words +
                              "; a type that must not be equal says BlockTraits{.deterministic = "
                              "false} when it is registered");
  } else if (recordings[0].frames.empty()) {
    answer.notes.push_back("it sent nothing that could be compared");
  }
  return answer;
}

CheckAnswer CheckRunner::run_under_valgrind(const TestedType& tested, const Check& check) const {
  const auto valgrind = find_program("valgrind");
  if (!valgrind) return skipped("valgrind is not installed");
  const ScratchFolder folder(options_.folder);
  const ScratchFolder report(options_.folder);
  const auto file = report.path() / "report.xml";
  const auto result =
      run_child(request(tested, check), folder.path(),
                {valgrind->string(), "--quiet", "--tool=memcheck", "--leak-check=full",
                 "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite",
                 "--num-callers=20", "--xml=yes", "--xml-file=" + file.string()});
  // Valgrind 3.19 gives up on what Clang 14 writes by default; that says nothing about the block.
  if (result.errors.find("Valgrind: debuginfo reader") != std::string::npos) {
    return skipped(
        "valgrind cannot read this compiler's debug information; compile with -gdwarf-4");
  }
  // What it found before a crash says more than the crash.
  std::string unreadable;
  try {
    if (const auto words = first_error(file, tested.plugin)) return failed(*words);
  } catch (const std::runtime_error& error) {
    unreadable = error.what();
  }
  auto answer = answer_of(result, options_.timeout);
  if (answer.status == CheckStatus::passed && !unreadable.empty()) return failed(unreadable);
  return answer;
}

ChildResult CheckRunner::run_child(const CheckRequest& request, const fs::path& folder,
                                   std::vector<std::string> before) const {
  ChildCommand command{std::move(before)};
  command.argv.push_back(options_.program.string());
  for (auto& argument : check_arguments(request, folder.string())) {
    command.argv.push_back(std::move(argument));
  }
  const ChildLimits limits{.timeout = options_.timeout,
                           .output_bytes = std::size_t{64} << 20,
                           .error_bytes = 4096,
                           .at_once = 1};
  return run_(std::span(&command, 1), limits).at(0);
}

CheckRequest CheckRunner::request(const TestedType& tested, const Check& check) const {
  return {.check = std::string(check.name),
          .plugin = tested.plugin,
          .type = tested.type,
          .settings = tested.settings,
          .frames = options_.frames,
          .seed = 0};
}

}  // namespace vcengine
