/// What edges_bench measured, and how it is told: as a table, and as JSON.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace vcengine::bench {

/// One run of one program over the whole video.
struct Measured {
  std::int64_t frames = 0;
  double running = 0;  ///< seconds from "everything is open" until the last frame is done
  double whole = 0;    ///< seconds from starting the program until it is gone
  double cpu = 0;      ///< seconds on all cores, of all its processes
};

/// The programs in the order in which they run within a round.
struct Round {
  Measured one_thread, threads, circuit;
};

struct EdgesFigures {
  std::string video;
  int cores = 0;
  double load_before = 0,
         load_after = 0;  ///< of the last minute; what we made of it ourselves included
  std::vector<Round> rounds;
  std::vector<double> first_frame;  ///< seconds until the first frame was printed by a sink
  std::vector<double> one_frame;    ///< seconds of a whole run of edges.yaml over one frame
};

std::string table(const EdgesFigures& figures);
std::string json(const EdgesFigures& figures);

}  // namespace vcengine::bench
