#pragma once

#include <stdexcept>

namespace vcengine {

/// What was asked for cannot be made: the text names the place, what is allowed, and an example.
class Refusal final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace vcengine
