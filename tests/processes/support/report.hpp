/// The figures that `vcengine --json` prints.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace vcengine::test {

struct BlockFigures {
  std::string type;
  bool sink = false;
  std::int64_t frames = 0;
  std::int64_t exceptions = 0;
  std::int64_t busy = 0;
  std::int64_t partial = 0;
  bool finished = false;
};

struct WireFigures {
  std::string from;  ///< "detect.edges"
  bool waits = false;
  std::int64_t published = 0;
  std::int64_t taken = 0;
  std::map<std::string, std::int64_t> dropped;  ///< by reason
  std::int64_t in_flight = 0;
  std::int64_t age_p99_ns = 0;  ///< 0: nothing was taken

  std::int64_t dropped_in_all() const;
};

struct Report {
  std::string circuit;
  std::map<std::string, BlockFigures> blocks;
  std::map<std::string, WireFigures> wires;  ///< by their input: "view.image"
};

/// Throws JsonError if it is no report.
Report parse_report(const std::string& json);

}  // namespace vcengine::test
