/// The block type under test, and what its test frames are. In the checking child only.
#pragma once

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/catalog/plugin_library.hpp"
#include "engine/conformance/check_answer.hpp"
#include "engine/conformance/progress.hpp"
#include "engine/conformance/test_frames.hpp"

namespace vcengine {

/// The check cannot be made; the text says why.
class CheckSkipped final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The block's start() threw, at settings at which it is expected to work or not: its words.
class StartRefused final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Settings = std::vector<std::pair<std::string, ParamValue>>;

struct CheckRequest {
  std::string check;
  std::filesystem::path plugin;
  std::string type;
  Settings settings;
  std::size_t frames = 1000;  ///< of a long stream
  unsigned seed = 0;          ///< what memory holds before it is written depends on it
};

/// What a block does with ordinary frames.
struct Baseline {
  bool works = false;  ///< it took one without an exception
  bool publishes = false;
  std::string refusal;  ///< if it does not work: its last words
};

struct Input {
  std::string name;  ///< as a wire names it: "images[1]"
  PortInfo port;
  FrameKind kind;  ///< that the block is happy with, as far as that could be found
};

struct Subject {
  CheckRequest request;
  const PluginLibrary& library;
  const Progress& progress;
  BlockInfo info;  ///< as it is with the request's settings
  std::vector<Input> inputs;
  Baseline baseline;

  bool is_source() const { return inputs.empty(); }
  bool has_triggers() const;
  bool takes_pictures() const;
  bool takes_values() const;  ///< anything that is no picture
  std::vector<std::string> outputs() const;
};

/// Whether the block is started to see what it does with ordinary frames, and which it takes where
/// its inputs leave that open.
enum class TryFrames { yes, no };

/// Describes the type with the request's settings. Throws PluginError; StartRefused if it is to be
/// started and does not.
Subject make_subject(const CheckRequest& request, const PluginLibrary& library,
                     const Progress& progress, TryFrames try_frames);

}  // namespace vcengine
