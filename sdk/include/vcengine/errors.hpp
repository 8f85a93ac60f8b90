#pragma once

#include <stdexcept>
#include <string>

namespace vcengine {

/// Thrown by loan(), publish() and the waits of a block when the circuit stops meanwhile. Let it
/// pass: the worker catches it and goes on to stop().
class Stopping final : public std::exception {
 public:
  const char* what() const noexcept override { return "the circuit is stopping"; }
};

/// This frame cannot be sent or read (too large, wrong type, reallocated Mat, stamp going
/// backwards).
class FrameError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A block holds more frames of an input than the wire allows.
class TooManyHeld final : public FrameError {
 public:
  using FrameError::FrameError;
};

/// What was read from another process breaks the wire format; the wire is not read any further.
class WireCorrupt final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A setting is unknown, of the wrong type or out of range. The text names it and says what is
/// allowed.
class ParamError final : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace vcengine
