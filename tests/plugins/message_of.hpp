#pragma once

#include <exception>
#include <string>

namespace vcengine::test {

/// The text of the exception that `action` throws, "" if it throws none.
template <class Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

}  // namespace vcengine::test
