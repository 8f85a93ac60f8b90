/// Runs a circuit with the real host and judges how it went, without knowing what it computes.
///
/// A circuit that `vcengine check` accepts must run, end by itself and account for each frame:
///  - the exit status is 0 and no block threw;
///  - every output counts the same frames on all its wires;
///  - on each wire published = taken + dropped + in flight, and what was taken is what the reader
///    processed, or, where it writes them down, what it wrote down;
///  - nothing is in flight, but on two kinds of wire: into a Latest (the reader may have ended
///    before it looked), and into a block that may end before its inputs do (it matches by order:
///    what comes after the end of one input has no partner);
///  - a wire that waits drops nothing, but frames without a partner;
///  - a source that has an end reaches it and publishes all its frames (if it is live: but for
///    those that were `busy`), unless a block ended before its inputs did. Then all sinks may have
///    ended while the source had more to say: it was stopped, and has published what it was called
///    for;
///  - with --offline a second run writes the same.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace vcengine::test {

/// What a circuit file says in its first lines to those who run it.
struct CircuitNotes {
  std::vector<std::string> options;           ///< "# options: --offline"
  std::map<std::string, std::int64_t> calls;  ///< "# calls: s0 30": of sources that have an end
  std::set<std::string> one_frame_a_call;     ///< "# one frame a call: s0"
  std::set<std::string> may_end_early;        ///< "# may end early: m3"
};

CircuitNotes notes_of(const std::string& circuit);

struct Trial {
  bool accepted = false;                ///< by the check
  std::vector<std::string> complaints;  ///< none: all is well
};

/// The circuit runs in `folder`. One that has not ended after `patience` hangs; it is killed.
Trial try_circuit(const std::string& circuit, const std::filesystem::path& folder,
                  std::chrono::seconds patience);

}  // namespace vcengine::test
