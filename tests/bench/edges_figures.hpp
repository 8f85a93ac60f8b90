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
  double others = 0;   ///< seconds that all other programs took meanwhile
};

/// The programs in the order in which they run within a round.
struct Round {
  Measured one_thread, threads, circuit;
};

/// How busy other programs kept the machine meanwhile: 0 not at all, 1 all cores. Of a round, the
/// worst of the three.
double disturbance(const Measured& run, int cores);
double disturbance(const Round& round, int cores);

struct EdgesFigures {
  std::string video;
  int cores = 0;
  std::vector<Round> rounds;
  int disturbed = 0;                ///< rounds that were made again because of others
  std::vector<double> first_frame;  ///< seconds until the first frame was printed by a sink
  std::vector<double> one_frame;    ///< seconds of a whole run of edges.yaml over one frame
};

std::string table(const EdgesFigures& figures);
std::string json(const EdgesFigures& figures);

}  // namespace vcengine::bench
