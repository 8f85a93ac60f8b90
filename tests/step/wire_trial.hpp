/// Trials of what happens at one pool.
#pragma once

#include <memory>

#include "tests/step/operations.hpp"
#include "tests/step/trial.hpp"

namespace vcengine::test {

/// `operation` must outlive it.
std::unique_ptr<Trial> make_trial(const Operation& operation);

}  // namespace vcengine::test
