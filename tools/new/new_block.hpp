/// The block that is asked for, checked as a whole.
#pragma once

#include <string>
#include <vector>

#include "tools/new/param_spec.hpp"
#include "tools/new/port_spec.hpp"

namespace vcengine {

struct NewBlock {
  std::string family;
  std::string name;
  std::string doc;
  std::vector<NewPort> inputs;
  std::vector<NewPort> outputs;
  std::vector<NewParam> params;
  bool brightens = false;  ///< the block made when nothing is said: it multiplies by `gain`

  std::string type() const { return family + '.' + name; }
  /// Is process() called by frames? Otherwise the circuit gives it a `rate:`.
  bool is_triggered() const;
  const NewPort* find_input(const std::string& input) const;
};

/// The words of a command line.
struct BlockWords {
  std::string name;  ///< "edge_finder" or "vision.edge_finder"
  std::string family;
  std::string doc;
  std::vector<std::string> inputs, outputs, params;
};

/// Throws Refusal, whose text opens with the word at fault: "--in image:Bgr9: …".
NewBlock make_block(const BlockWords& words);

}  // namespace vcengine
