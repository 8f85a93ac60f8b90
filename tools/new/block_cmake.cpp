#include <fmt/format.h>

#include <algorithm>

#include "tools/new/block_files.hpp"

namespace vcengine {
namespace {

std::string add_plugin(const NewBlock& block) {
  const auto is_picture = [](const NewPort& port) { return port.type.is_picture(); };
  const bool pictures = std::ranges::any_of(block.inputs, is_picture) ||
                        std::ranges::any_of(block.outputs, is_picture);
  // imgproc is what authors reach for first; what is not used is not loaded.
  const auto* const libraries = pictures ? " LIBRARIES opencv_core opencv_imgproc" : "";
  return fmt::format("vcengine_add_plugin({0} {0}.cpp{1})\n", block.name, libraries);
}

}  // namespace

std::string block_cmake(const NewBlock& block) {
  auto text = fmt::format(R"(cmake_minimum_required(VERSION 3.25)
project({} LANGUAGES CXX)

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)  # fast, and a crash names its line
endif()
add_compile_options(-Wall -Wextra)

find_package(vcengine REQUIRED)
include(CTest)

)",
                          block.name);
  text += add_plugin(block);
  if (const auto feed = feed_of(block)) text += add_plugin(*feed);
  return text +
         fmt::format("vcengine_add_block_test({0}_test {0}_test.cpp PLUGIN {0})\n", block.name);
}

}  // namespace vcengine
