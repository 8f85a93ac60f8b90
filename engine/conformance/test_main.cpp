/// vcengine-test: the standard checks of blocks; `vcengine test` runs it. Itself again, with
/// `--check`, is the process that makes one check.
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>

#include "engine/catalog/plugin_folders.hpp"
#include "engine/commands/host_setup.hpp"
#include "engine/conformance/check_process.hpp"
#include "engine/conformance/scratch_folder.hpp"
#include "engine/conformance/test_plan.hpp"
#include "engine/show/utf8.hpp"

namespace {

using namespace vcengine;

enum Status { kPassed = 0, kFailure = 1, kBadCommand = 2, kCheckFailed = 3 };

/// Prints each type as soon as it and all before it are done.
class Printer {
 public:
  explicit Printer(const std::vector<TypeReport>& reports)
      : reports_(reports), done_(reports.size(), false), glyphs_(glyphs_of_environment()) {}

  void done(std::size_t index) {
    const std::scoped_lock lock(mutex_);
    done_[index] = true;
    for (; next_ < done_.size() && done_[next_]; ++next_) {
      std::cout << report_text(reports_[next_], glyphs_) << std::flush;
    }
  }

 private:
  const std::vector<TypeReport>& reports_;
  std::vector<bool> done_;
  Glyphs glyphs_;
  std::size_t next_ = 0;
  std::mutex mutex_;
};

/// A check that is skipped is one that was not passed.
void be_strict(CheckResult& result) {
  auto& answer = result.answer;
  if (answer.status != CheckStatus::skipped) return;
  answer.status = CheckStatus::failed;
  answer.failures.push_back("was skipped (--strict): " + answer.reason);
}

/// Ends the process at Ctrl-C and the like without leaving its folder behind. Made before there is
/// another thread; lives as long as the process.
class Interruption {
 public:
  Interruption() {
    ::sigemptyset(&signals_);
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&signals_, number);
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  }

  /// From now on. The children die with the threads that started them, but write until then:
  /// removing may take several rounds.
  void remove_then(const std::filesystem::path& folder) const {
    std::thread([folder, signals = signals_, ending = ending_] {
      int number = 0;
      ::sigwait(&signals, &number);
      ending->lock();  // for good
      for (int round = 0; round < 100 && !ScratchFolder::remove(folder); ++round) {
      }
      ::_exit(128 + number);
    }).detach();
  }

  /// Does not return once a signal has come: checks fail then for want of their folders.
  void let_end_first() const { const std::scoped_lock lock(*ending_); }

 private:
  sigset_t signals_{};
  std::shared_ptr<std::mutex> ending_ = std::make_shared<std::mutex>();
};

/// All checks of one type one after another, several types at a time. Children die with the thread
/// that started them: these threads wait for theirs.
std::vector<TypeReport> run_checks(const TestPlan& plan, const TestCommand& command,
                                   const std::filesystem::path& folder,
                                   const Interruption& interruption) {
  const auto checks = checks_to_make(command);
  const CheckRunner runner({.program = running_executable(),
                            .folder = folder,
                            .timeout = command.timeout,
                            .frames = command.frames});
  std::vector<TypeReport> reports;
  for (const auto& tested : plan.types) reports.push_back({tested.plugin, tested.type, {}});
  Printer printer(reports);
  std::atomic<std::size_t> next = 0;
  std::exception_ptr problem;
  std::mutex problem_mutex;
  const auto work = [&] {
    try {
      for (std::size_t i = next++; i < plan.types.size(); i = next++) {
        for (const auto* check : checks) {
          auto& result = reports[i].checks.emplace_back(runner.run(plan.types[i], *check));
          if (command.strict) be_strict(result);
        }
        printer.done(i);
      }
    } catch (...) {
      const std::scoped_lock lock(problem_mutex);
      problem = std::current_exception();
      next = plan.types.size();
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < command.at_once; ++i) threads.emplace_back(work);
    work();
  }
  interruption.let_end_first();
  if (problem) std::rethrow_exception(problem);
  return reports;
}

void write_file(const std::filesystem::path& file, const std::string& text) {
  errno = 0;
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  if (!stream.flush()) {
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                            "cannot write '" + file.string() + "'");
  }
}

int test(const TestCommand& command) {
  const auto plan = make_test_plan(command, host_describer());
  for (const auto& problem : plan.unusable) {
    std::cerr << "vcengine test: " << printable_text(problem) << '\n';
  }
  for (const auto& report : plan.misbehaved) {
    std::cout << report_text(report, glyphs_of_environment()) << std::flush;
  }
  const Interruption interruption;
  const ScratchFolder folder(std::filesystem::temp_directory_path());
  interruption.remove_then(folder.path());
  auto reports = run_checks(plan, command, folder.path(), interruption);
  reports.insert(reports.begin(), plan.misbehaved.begin(), plan.misbehaved.end());
  const auto counts = count(reports);
  std::cout << summary_text(counts) << '\n';
  if (!command.junit.empty()) write_file(command.junit, junit_xml(reports));
  errno = 0;
  if (!std::cout.flush()) {
    throw std::system_error(errno != 0 ? errno : EIO, std::generic_category(),
                            "cannot write to stdout");
  }
  if (!plan.unusable.empty()) return kBadCommand;
  return counts.failed > 0 ? kCheckFailed : kPassed;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--check") == 0) {
    return check_main({argv + 1, argv + argc});
  }
  try {
    const auto parsed = parse_test_command(argc, argv);
    if (const auto* printed = std::get_if<PrintedText>(&parsed)) {
      (printed->status == 0 ? std::cout : std::cerr) << printed->text;
      return printed->status;
    }
    return test(std::get<TestCommand>(parsed));
  } catch (const BadTestCommand& error) {
    std::cerr << "vcengine test: " << error.what() << '\n';
    return kBadCommand;
  } catch (const std::exception& error) {
    std::cerr << "vcengine test: " << error.what() << '\n';
    return kFailure;
  }
}
