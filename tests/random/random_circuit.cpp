#include "tests/random/random_circuit.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace vcengine::test {

namespace {

constexpr std::size_t kMostBlocks = 14;

/// Sources at a rate cost real time: none runs for longer.
constexpr int kLongestRunMs = 120;

/// A wire holds no more.
constexpr int kDeepest = 64;

/// Frames of one stamp that an output sends at most; flow.delay may let all that it holds go at
/// once.
constexpr int kMostCalls = 60;

using Sources = std::set<std::size_t>;

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : seed_(seed), random_(seed), is_offline_(chance(30)) {}

  std::string text();

 private:
  struct Block {
    std::string name;
    std::string settings;  ///< what follows "type: "
  };
  struct Output {
    std::string port;  ///< "m3.out"
    Sources sources;   ///< whose frames lead to its own
    int burst = 1;     ///< frames of one stamp at most
    bool is_read = false;
  };
  /// What a join says of its inputs, and which they are.
  struct Join {
    std::vector<std::size_t> inputs;  ///< indices into outputs_
    std::string sync;                 ///< ", sync: {…}", or nothing
  };

  int between(int least, int most) {
    return std::uniform_int_distribution<int>(least, most)(random_);
  }
  bool chance(int percent) { return between(1, 100) <= percent; }
  std::size_t index_below(std::size_t size) {
    return std::uniform_int_distribution<std::size_t>(0, size - 1)(random_);
  }
  template <class T>
  const T& one_of(const std::vector<T>& things) {
    return things[index_below(things.size())];
  }
  std::string number(int least, int most) { return std::to_string(between(least, most)); }

  std::string add_block(const std::string& letter, const std::string& settings);
  void add_output(std::string port, Sources sources, int burst = 1);
  enum class Meets { nothing, frames };
  void add_wire(std::size_t output, const std::string& input, Meets meets);
  void wire_latest(const std::string& input);

  void add_source();
  void add_counter(const std::string& pace, int calls);
  void add_irregular(const std::string& pace, int calls, bool live, bool uneven);
  void add_endless();
  void add_middle();
  void add_relay();
  void add_keep_back();
  void add_reader_of_latest();
  void add_join(std::size_t most);
  void add_sink(std::size_t output);
  void add_sinks();

  std::size_t any_output();
  Join choose_inputs(std::size_t count);
  std::optional<std::size_t> output_apart_from(const std::vector<std::size_t>& chosen);
  std::string choose_sync(Join& join, std::size_t count);
  int burst_of(const Join& join) const;
  Sources connect(const Join& join);
  bool are_connected(std::size_t one, std::size_t other) const;

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  const bool is_offline_;
  std::vector<Block> blocks_;
  std::vector<Output> outputs_;
  std::vector<std::size_t> group_;  ///< of each source: those whose frames meet are of one group
  std::vector<std::string> wires_;
  std::vector<std::string> latests_;  ///< "m3.steer", to be wired when all blocks are there
  std::string calls_;                 ///< " s0 30 s2 12": sources that end by themselves
  std::string numbers_;               ///< " s0": those that send one frame in each call
  std::string early_;                 ///< " m3": blocks that may end before their inputs do
  std::size_t sources_ = 0;
};

std::string Generator::add_block(const std::string& letter, const std::string& settings) {
  auto name = letter + std::to_string(blocks_.size());
  blocks_.push_back({name, settings});
  return name;
}

void Generator::add_output(std::string port, Sources sources, int burst) {
  outputs_.push_back({std::move(port), std::move(sources), burst});
}

/// Mostly a plain arrow; what it says otherwise is as likely bad advice as good. But where several
/// frames of one stamp go to a block that may have to know, before it takes the first of them, that
/// the last has been sent, the wire mostly holds them all: the host would see to it otherwise, but
/// not at once.
void Generator::add_wire(std::size_t output, const std::string& input, Meets meets) {
  auto& from = outputs_[output];
  from.is_read = true;
  std::string words;
  if (chance(12)) words += chance(50) ? ", policy: wait" : ", policy: drop_oldest";
  if (meets == Meets::frames && from.burst > 1 && chance(70)) {
    words += ", depth: " + std::to_string(from.burst);
  } else if (chance(12)) {
    words += ", depth: " + number(1, 4);
  }
  wires_.push_back(words.empty() ? from.port + " -> " + input
                                 : "{from: " + from.port + ", to: " + input + words + "}");
}

void Generator::wire_latest(const std::string& input) {
  auto& from = outputs_[index_below(outputs_.size())];
  from.is_read = true;
  wires_.push_back(from.port + " -> " + input);
}

void Generator::add_source() {
  const int rate = one_of(std::vector{200, 500, 1000, 2000});
  const int calls = between(5, std::min(60, rate * kLongestRunMs / 1000));
  if (chance(25)) {  // as a camera: live, and at its own pace
    const auto name = add_block("s", "test.beat, params: {rate: " + std::to_string(rate) +
                                         ", count: " + std::to_string(calls) + "}" +
                                         (chance(30) ? ", live: false" : ""));
    calls_ += ' ' + name + ' ' + std::to_string(calls);
    numbers_ += ' ' + name;
    add_output(name + ".beat", {sources_});
  } else {
    const bool at_rate = chance(60);
    const bool live = chance(at_rate ? 30 : 10);
    const auto pace = (at_rate ? ", rate: " + std::to_string(rate) : std::string()) +
                      (live ? ", live: true" : "");
    if (chance(60)) {
      add_counter(pace, calls);
    } else {
      add_irregular(pace, calls, live, chance(60));
      if (at_rate) latests_.push_back(blocks_.back().name + ".steer");
    }
  }
  group_.push_back(sources_++);
}

void Generator::add_counter(const std::string& pace, int calls) {
  const auto name =
      add_block("s", "core.counter" + pace + ", params: {count: " + std::to_string(calls) + "}");
  calls_ += ' ' + name + ' ' + std::to_string(calls);
  numbers_ += ' ' + name;
  add_output(name + ".number", {sources_});
}

void Generator::add_irregular(const std::string& pace, int calls, bool live, bool uneven) {
  const int most = between(1, live ? 2 : 3);  // a live source sends no more of one stamp
  const auto name =
      add_block("s", "test.irregular" + pace + ", params: {count: " + std::to_string(calls) +
                         ", seed: " + number(0, 999) + ", most: " + std::to_string(most) +
                         (uneven ? "" : ", uneven: false") + "}");
  calls_ += ' ' + name + ' ' + std::to_string(calls);
  add_output(name + ".a", {sources_}, most);
  add_output(name + ".b", {sources_}, most);
}

/// Something that goes on for ever and is only looked at now and then.
void Generator::add_endless() {
  const auto name = add_block("e", "core.counter, rate: " + number(100, 2000));
  const auto latest = latests_.begin() + between(0, static_cast<int>(latests_.size()) - 1);
  wires_.push_back(name + ".number -> " + *latest);
  latests_.erase(latest);
}

void Generator::add_middle() {
  const int dice = between(1, 100);
  if (dice <= 25) {
    add_relay();
  } else if (dice <= 42) {
    add_reader_of_latest();
  } else if (dice <= 48) {
    add_keep_back();
  } else if (dice <= 64) {
    add_join(1);
  } else {
    add_join(4);
  }
}

/// Outputs that nobody reads yet are likelier, so that chains grow long.
std::size_t Generator::any_output() {
  std::vector<std::size_t> unread;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!outputs_[i].is_read) unread.push_back(i);
  }
  return unread.empty() || chance(40) ? index_below(outputs_.size()) : one_of(unread);
}

/// What takes one frame and sends it, or not.
void Generator::add_relay() {
  const auto from = any_output();
  const auto pause = chance(30) ? ", pause: " + number(100, 2000) + "us" : std::string();
  int burst = outputs_[from].burst;
  std::string settings;
  switch (between(1, 5)) {
    case 1:
      settings = "test.keep_every, params: {n: " + number(1, 4) + pause + "}";
      break;
    case 2:
      settings = "core.scale, params: {factor: " + number(2, 5) + "}";
      break;
    case 3:
      settings = "flow.every_nth, params: {n: " + number(1, 4) + "}";
      break;
    case 4:
      settings = "flow.throttle, params: {rate: " + number(50, 1000) + "}";
      break;
    default:
      settings = "flow.delay, params: {time: " + number(1, 20) + "ms}";
      burst = kMostCalls;
  }
  const auto name = add_block("m", settings);
  add_wire(from, name + ".in", Meets::nothing);
  add_output(name + ".out", outputs_[from].sources, burst);
}

void Generator::add_keep_back() {
  const auto from = any_output();
  const auto name = add_block("m", "test.keep_back, params: {frames: " + number(0, 3) + "}");
  add_wire(from, name + ".in", Meets::nothing);
  add_output(name + ".out", outputs_[from].sources, outputs_[from].burst);
}

void Generator::add_reader_of_latest() {
  const auto from = any_output();
  std::string name, input = ".in";
  switch (between(1, 3)) {
    case 1:
      name = add_block("m", "test.add_latest, params: {before: 100}");
      latests_.push_back(name + ".latest");
      break;
    case 2:
      name = add_block("m", chance(50) ? "flow.gate" : "flow.gate, params: {starts_open: false}");
      latests_.push_back(name + ".open");
      break;
    default:
      name = add_block("m", "flow.sample_hold");
      latests_.push_back(name + ".value");
      input = ".trigger";
  }
  add_wire(from, name + input, Meets::frames);
  add_output(name + ".out", outputs_[from].sources, outputs_[from].burst);
}

void Generator::add_join(std::size_t most) {
  const auto count = most == 1 ? 1 : static_cast<std::size_t>(between(2, static_cast<int>(most)));
  auto join = choose_inputs(count);
  const auto sources = connect(join);
  const int burst = burst_of(join);
  const auto& inputs = join.inputs;
  const auto wire_all = [&](const std::string& name, const std::vector<std::string>& ports) {
    for (std::size_t i = 0; i < inputs.size(); ++i)
      add_wire(inputs[i], name + (ports.size() == 1 ? ports[0] : ports[i]), Meets::frames);
  };
  const int kind = between(1, 100);
  std::string name;
  if (inputs.size() == 2 && kind <= 25 && !join.sync.ends_with("partial}")) {
    name = add_block("m", "test.add" + join.sync);
    wire_all(name, {".left", ".right"});
    add_output(name + ".sum", sources, burst);
  } else if (inputs.size() == 2 && kind <= 35 && !join.sync.ends_with("partial}")) {
    name = add_block("m", "flow.sync" + join.sync);
    wire_all(name, {".in_0", ".in_1"});
    add_output(name + ".out_0", sources, burst);
    add_output(name + ".out_1", sources, burst);
  } else if (inputs.size() > 1 && inputs.size() <= 3 && kind <= 55) {
    name = add_block("m", "test.fill_in" + join.sync);
    wire_all(name, {".in", ".first", ".second"});
    add_output(name + ".out", sources, burst);
  } else {
    const bool gate = chance(30);
    const auto pause = chance(25) ? ", pause: " + number(100, 2000) + "us" : std::string();
    const int sends = between(0, std::min(3, kDeepest / burst));
    name = add_block("m", "test.mix" + join.sync + ", params: {seed: " + number(0, 999) +
                              ", most: " + std::to_string(sends) + (gate ? ", gate: true" : "") +
                              pause + "}");
    wire_all(name, {".in"});
    latests_.push_back(name + ".steer");
    add_output(name + ".out", sources, burst * std::max(sends, 1));
    if (chance(40)) add_output(name + ".other", sources, burst);
  }
  if (join.sync.find("order") != std::string::npos) early_ += ' ' + name;
}

/// Equal stamps match in their order, so no more than each input has; but frames that lack partners
/// or are matched otherwise take the stamp of any input.
int Generator::burst_of(const Join& join) const {
  int least = kDeepest, all = 0;
  for (const auto input : join.inputs) {
    least = std::min(least, outputs_[input].burst);
    all += outputs_[input].burst;
  }
  return join.inputs.size() == 1 || join.sync.empty() ? least : std::min(all, kDeepest);
}

Generator::Join Generator::choose_inputs(std::size_t count) {
  Join join;
  join.inputs.push_back(any_output());
  if (count == 1) return join;
  if (chance(75)) {  // branches of one source
    auto shared = outputs_[join.inputs[0]].sources;
    for (int tries = 0; tries < 20 && join.inputs.size() < count; ++tries) {
      const auto next = index_below(outputs_.size());
      const bool again = std::ranges::find(join.inputs, next) != join.inputs.end();
      if (again && !chance(20)) continue;
      Sources both;
      std::ranges::set_intersection(shared, outputs_[next].sources,
                                    std::inserter(both, both.end()));
      if (both.empty()) continue;
      shared = std::move(both);
      join.inputs.push_back(next);
    }
    if (join.inputs.size() == 1) return join;
    if (chance(15)) {
      join.sync = ", sync: {by: stamp}";
    } else if (chance(25)) {
      join.sync = chance(50) ? ", sync: {on_miss: partial}"
                             : ", sync: {wait: " + number(1, 5) + "ms, on_miss: partial}";
    }
    return join;
  }
  join.sync = choose_sync(join, count);
  return join;
}

/// For inputs of different sources.
std::string Generator::choose_sync(Join& join, std::size_t count) {
  const bool partial = chance(30);
  const auto wait = chance(30) ? ", wait: " + number(1, 5) + "ms" : std::string();
  const auto end = wait + (partial ? ", on_miss: partial}" : "}");
  while (join.inputs.size() < count) {
    const auto next = output_apart_from(join.inputs);
    if (!next) break;
    join.inputs.push_back(*next);
  }
  if (join.inputs.size() == 1) {  // all are connected: only equal stamps can be put together
    while (join.inputs.size() < count) join.inputs.push_back(any_output());
    return ", sync: {by: stamp" + end;
  }
  switch (between(1, 3)) {
    case 1:
      return ", sync: {by: stamp" + end;
    case 2:
      return ", sync: {tolerance: " + number(1, 10) + "ms" + end;
    default:
      return ", sync: {by: order" + end;
  }
}

bool Generator::are_connected(std::size_t one, std::size_t other) const {
  return group_[*outputs_[one].sources.begin()] == group_[*outputs_[other].sources.begin()];
}

/// One that no other join connects with those chosen.
std::optional<std::size_t> Generator::output_apart_from(const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> apart;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (std::ranges::none_of(chosen, [&](std::size_t other) { return are_connected(i, other); }))
      apart.push_back(i);
  }
  return apart.empty() ? std::nullopt : std::optional(one_of(apart));
}

/// Of its inputs; they are connected from now on.
Sources Generator::connect(const Join& join) {
  Sources sources;
  for (const auto input : join.inputs)
    sources.insert(outputs_[input].sources.begin(), outputs_[input].sources.end());
  std::set<std::size_t> groups;
  for (const auto source : sources) groups.insert(group_[source]);
  for (auto& group : group_) {
    if (groups.contains(group)) group = *groups.begin();
  }
  return sources;
}

void Generator::add_sink(std::size_t output) {
  if (chance(80)) {
    const auto name = "r" + std::to_string(blocks_.size());
    blocks_.push_back({name, "test.recorder, params: {path: " + name + ".txt}"});
    add_wire(output, name + ".in", Meets::nothing);
  } else {
    add_wire(output, add_block("r", "core.null") + ".in", Meets::nothing);
  }
}

/// For what nobody reads yet, and sometimes once more for what somebody does.
void Generator::add_sinks() {
  bool any = false;
  for (std::size_t i = outputs_.size(); i-- > 0 && blocks_.size() < kMostBlocks;) {
    if (any && !chance(outputs_[i].is_read ? 10 : 85)) continue;
    add_sink(i);
    any = true;
  }
}

std::string Generator::text() {
  const auto sources = static_cast<std::size_t>(between(1, 4));
  const auto middle = static_cast<std::size_t>(between(0, 9));
  for (std::size_t i = 0; i < sources; ++i) add_source();
  for (std::size_t i = 0; i < middle; ++i) add_middle();
  std::erase_if(latests_, [&](const std::string&) { return chance(35); });
  if (!latests_.empty() && chance(15)) add_endless();
  for (const auto& latest : latests_) wire_latest(latest);
  add_sinks();

  std::string text = "# random circuit " + std::to_string(seed_) + '\n';
  if (is_offline_) text += "# options: --offline\n";
  text += "# calls:" + calls_ + "\n# one frame a call:" + numbers_ + '\n';
  if (!early_.empty()) text += "# may end early:" + early_ + '\n';
  text += "circuit: random\n";
  if (chance(15)) text += "clock: media\n";
  text += "blocks:\n";
  for (const auto& block : blocks_)
    text += "  " + block.name + ": {type: " + block.settings + "}\n";
  text += "wires:\n";
  for (const auto& wire : wires_) text += "  - " + wire + '\n';
  return text;
}

}  // namespace

std::string random_circuit(std::uint64_t seed) { return Generator(seed).text(); }

}  // namespace vcengine::test
