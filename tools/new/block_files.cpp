#include "tools/new/block_files.hpp"

namespace vcengine {

std::vector<NewFile> block_files(const NewBlock& block) {
  std::vector<NewFile> files{{block.name + ".cpp", block_source(block)},
                             {block.name + "_test.cpp", block_test(block)},
                             {"CMakeLists.txt", block_cmake(block)},
                             {"README.md", block_readme(block)},
                             {block.name + ".yaml", block_circuit(block)},
                             {".gitignore", "build/\nplugins/\ntest_pictures/\n"}};
  if (const auto feed = feed_of(block)) files.push_back({feed->name + ".cpp", block_source(*feed)});
  return files;
}

}  // namespace vcengine
