/// How a circuit is run, as the command line says.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

namespace vcengine {

enum class Pacing : std::uint8_t { automatic, paced, fast };

struct RunOptions {
  Pacing pacing = Pacing::automatic;                ///< automatic: paced if a window is open
  std::optional<std::chrono::nanoseconds> run_for;  ///< by the circuit's clock
  std::uint64_t frames = 0;  ///< each source ends after so many; 0: when its data ends
  double speed = 1;          ///< of the circuit's clock
  bool offline = false;      ///< as the plan was checked for
  bool watch = false;        ///< the circuit file and its plugins, and reload what changes
  /// A worker looks for a frame for so long before it sleeps. None: as many cores as there are say.
  std::optional<std::chrono::nanoseconds> spin;
  std::chrono::milliseconds set_up_time{60'000};  ///< for one step of the set-up of one block
  std::filesystem::path capsules;                 ///< folder for those of crashes; empty: none
  std::chrono::milliseconds capsule_wait{100};    ///< of a successor, for frames to be copied
};

}  // namespace vcengine
