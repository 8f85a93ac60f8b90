/// What the generated block computes until its author says otherwise: something small, made from
/// its inputs by their types, that shows how frames are read, loaned and published, and that a test
/// can foretell.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "tools/new/new_block.hpp"

namespace vcengine {

struct ProcessCode {
  std::vector<std::string> lines;         ///< of process()
  std::vector<std::string> expectations;  ///< of the test, after one step
  std::set<std::string> headers;          ///< that the block includes
  bool needs_imgproc = false;
  bool counts = false;    ///< has the member count_: a source
  std::string last_seen;  ///< of a sink: the function that gives last_
};

ProcessCode process_code(const NewBlock& block);

}  // namespace vcengine
