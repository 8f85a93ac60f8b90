#pragma once

#include <chrono>
#include <filesystem>
#include <thread>

namespace vcengine::test {

/// Until the file is gone; deaf to the host meanwhile, as who computes.
inline void wait_while(const std::filesystem::path& file) {
  while (std::filesystem::exists(file)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace vcengine::test
