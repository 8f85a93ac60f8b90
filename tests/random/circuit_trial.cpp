#include "tests/random/circuit_trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

using Complaints = std::vector<std::string>;

std::string block_of(const std::string& port) { return port.substr(0, port.find('.')); }

/// By the names that blocks give their ports.
bool is_latest(const std::string& input) {
  const auto names = {".steer", ".latest", ".open", ".value"};
  return std::ranges::any_of(names, [&](const char* name) { return input.ends_with(name); });
}

/// Judges the figures of one run.
class Judge {
 public:
  Judge(const CircuitNotes& notes, const Report& report, const fs::path& folder,
        Complaints& complaints)
      : notes_(notes),
        report_(report),
        folder_(folder),
        is_offline_(std::ranges::find(notes.options, "--offline") != notes.options.end()),
        complaints_(complaints) {}

  void judge() {
    for (const auto& [name, block] : report_.blocks) {
      require(block.finished, "block {} has not finished", name);
      require(block.exceptions == 0, "block {} threw {} times", name, block.exceptions);
    }
    for (const auto& [input, wire] : report_.wires) judge_wire(input, wire);
    for (const auto& [name, block] : report_.blocks) judge_reader(name, block);
    for (const auto& [source, calls] : notes_.calls) judge_source(source, calls);
  }

 private:
  template <class... Args>
  void require(bool holds, fmt::format_string<Args...> otherwise, Args&&... args) {
    if (!holds) complaints_.push_back(fmt::format(otherwise, std::forward<Args>(args)...));
  }

  void judge_wire(const std::string& input, const WireFigures& wire) {
    require(wire.published == wire.taken + wire.dropped_in_all() + wire.in_flight,
            "wire {}: {} published are not {} taken, {} dropped and {} in flight", input,
            wire.published, wire.taken, wire.dropped_in_all(), wire.in_flight);
    const auto [known, is_new] = published_.try_emplace(wire.from, wire.published);
    require(is_new || known->second == wire.published,
            "output {} counts {} frames on one wire and {} on {}", wire.from, known->second,
            wire.published, input);
    if (is_latest(input)) return;
    require(wire.in_flight == 0 || notes_.may_end_early.contains(block_of(input)),
            "wire {}: {} frames are left in flight", input, wire.in_flight);
    for (const auto& [reason, count] : wire.dropped) {
      require(reason == "unmatched" || (reason == "superseded" && !wire.waits),
              "wire {}: {} frames dropped as {}", input, count, reason);
    }
  }

  /// Is what it took what it worked on?
  void judge_reader(const std::string& name, const BlockFigures& block) {
    bool all_wait = true;
    std::vector<std::pair<std::string, const WireFigures*>> wires;
    for (const auto& [input, wire] : report_.wires) {
      if (block_of(input) != name || is_latest(input)) continue;
      wires.emplace_back(input, &wire);
      all_wait = all_wait && wire.waits;
    }
    for (const auto& [input, wire] : wires) {
      const bool exactly = wires.size() == 1 || (all_wait && block.partial == 0);
      require(!exactly || wire->taken == block.frames, "block {} took {} frames of {} for {} calls",
              name, wire->taken, input, block.frames);
      // One taken for a match that another wire then dropped stays taken.
      require(all_wait || block.partial > 0 || wire->taken >= block.frames,
              "block {} took {} frames of {} for {} calls", name, wire->taken, input, block.frames);
      require(!all_wait || wire->taken <= block.frames,
              "block {} took {} frames of {} for {} calls", name, wire->taken, input, block.frames);
    }
    if (block.type != "test.recorder") return;
    const auto lines = lines_of(read_file(folder_ / (name + ".txt")));
    require(static_cast<std::int64_t>(lines.size()) == block.frames,
            "recorder {} wrote {} lines for {} frames", name, lines.size(), block.frames);
    judge_record(name, lines);
  }

  /// In their order, each once, and never back in time.
  void judge_record(const std::string& name, const std::vector<std::string>& lines) {
    std::int64_t last_sequence = 0;
    std::int64_t last_stamp = 0;
    for (const auto& line : lines) {
      std::istringstream words(line);
      std::int64_t sequence = 0, stamp = 0;
      words >> sequence >> stamp;
      require(sequence > last_sequence, "recorder {}: frame {} after {}", name, sequence,
              last_sequence);
      require(stamp >= last_stamp, "recorder {}: stamp {} after {}", name, stamp, last_stamp);
      last_sequence = sequence;
      last_stamp = stamp;
    }
  }

  void judge_source(const std::string& name, std::int64_t calls) {
    const auto found = report_.blocks.find(name);
    if (found == report_.blocks.end()) {
      complaints_.push_back("no block " + name);
      return;
    }
    const auto& block = found->second;
    require(block.frames == calls || may_be_stopped(name), "source {} was called {} times of {}",
            name, block.frames, calls);
    if (!notes_.one_frame_a_call.contains(name)) return;
    for (const auto& [output, published] : published_) {
      require(block_of(output) != name || published + block.busy == block.frames,
              "source {} published {} of {} frames, {} being dropped as busy", name, published,
              block.frames, block.busy);
    }
  }

  /// The circuit ends with its sinks: sources that lead to none, or only past a block that may end
  /// early, are stopped then. Offline a source at a rate ends with the Latest that it reads.
  bool may_be_stopped(const std::string& source) const {
    const auto reads_latest = [&](const auto& wire) { return block_of(wire.first) == source; };
    return (is_offline_ && std::ranges::any_of(report_.wires, reads_latest)) || !is_awaited(source);
  }

  bool is_awaited(const std::string& block) const {
    if (notes_.may_end_early.contains(block)) return false;
    if (report_.blocks.at(block).sink) return true;
    return std::ranges::any_of(report_.wires, [&](const auto& entry) {
      const auto& [input, wire] = entry;
      return block_of(wire.from) == block && !is_latest(input) && is_awaited(block_of(input));
    });
  }

  const CircuitNotes& notes_;
  const Report& report_;
  const fs::path& folder_;
  const bool is_offline_;
  Complaints& complaints_;
  std::map<std::string, std::int64_t> published_;  ///< by output
};

/// None if it did not end; `complaints` says so.
std::optional<Result> run_to_end(std::vector<std::string> arguments, const fs::path& folder,
                                 std::chrono::seconds patience, Complaints& complaints) {
  Process host(host_command(folder, std::move(arguments)));
  try {
    const int status = host.wait(patience);
    return Result{status, host.output(), host.errors()};
  } catch (const std::exception& error) {
    std::string left;
    for (const auto& worker : workers_of(host.pid())) left += ' ' + worker.name;
    complaints.push_back(fmt::format("hangs: still there after {} s are{}; {}", patience.count(),
                                     left, error.what()));
    return std::nullopt;
  }
}

/// The figures of a run that ended well.
std::optional<Report> run_and_judge(const std::string& circuit, const CircuitNotes& notes,
                                    const fs::path& folder, std::chrono::seconds patience,
                                    Complaints& complaints) {
  fs::create_directories(folder);
  const auto file = folder / "circuit.yaml";
  std::ofstream(file) << circuit;
  auto arguments = notes.options;
  arguments.insert(arguments.begin(), {file.string(), "--json", "-q"});
  const auto result = run_to_end(std::move(arguments), folder, patience, complaints);
  if (!result) return std::nullopt;
  if (result->status != 0) {
    complaints.push_back(fmt::format("ended with status {}: {}", result->status, result->errors));
    return std::nullopt;
  }
  const auto complaints_before = complaints.size();
  auto report = parse_report(result->output);
  Judge(notes, report, folder, complaints).judge();
  if (complaints.size() > complaints_before) complaints.push_back("it wrote: " + result->errors);
  return report;
}

void compare(const Report& one, const fs::path& one_folder, const Report& other,
             const fs::path& other_folder, Complaints& complaints) {
  for (const auto& [name, block] : one.blocks) {
    if (block.type != "test.recorder") continue;
    if (read_file(one_folder / (name + ".txt")) != read_file(other_folder / (name + ".txt")))
      complaints.push_back("recorder " + name + " wrote something else in the second run");
    if (other.blocks.at(name).frames != block.frames)
      complaints.push_back("recorder " + name + " got more or fewer frames in the second run");
  }
}

}  // namespace

CircuitNotes notes_of(const std::string& circuit) {
  CircuitNotes notes;
  for (const auto& line : lines_of(circuit)) {
    if (!line.starts_with("# ") || line.find(": ") == std::string::npos) continue;
    std::istringstream words(line.substr(line.find(": ") + 2));
    const auto opens = [&](std::string_view note) { return line.starts_with(note); };
    for (std::string word; words >> word;) {
      if (opens("# options:")) notes.options.push_back(word);
      if (opens("# calls:")) words >> notes.calls[word];
      if (opens("# one frame a call:")) notes.one_frame_a_call.insert(word);
      if (opens("# may end early:")) notes.may_end_early.insert(word);
    }
  }
  return notes;
}

Trial try_circuit(const std::string& circuit, const fs::path& folder,
                  std::chrono::seconds patience) {
  Trial trial;
  const auto notes = notes_of(circuit);
  const auto file = folder / "circuit.yaml";
  std::ofstream(file) << circuit;
  auto arguments = notes.options;
  arguments.insert(arguments.begin(), {"check", file.string()});
  const auto checked = run_to_end(std::move(arguments), folder, patience, trial.complaints);
  if (!checked) return trial;
  if (checked->status == 2) return trial;
  if (checked->status != 0) {
    trial.complaints.push_back(
        fmt::format("the check ended with status {}: {}", checked->status, checked->errors));
    return trial;
  }
  trial.accepted = true;
  const auto first = run_and_judge(circuit, notes, folder / "1", patience, trial.complaints);
  const bool offline = std::ranges::find(notes.options, "--offline") != notes.options.end();
  if (!first || !offline) return trial;
  const auto second = run_and_judge(circuit, notes, folder / "2", patience, trial.complaints);
  if (second) compare(*first, folder / "1", *second, folder / "2", trial.complaints);
  return trial;
}

}  // namespace vcengine::test
