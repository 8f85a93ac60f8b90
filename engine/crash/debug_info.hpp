/// Function and source line of an instruction, from the debug information of an ELF file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace vcengine {

/// "" is what is not known.
struct SourcePlace {
  std::string function;  ///< demangled: "vcengine::vision::EdgeDetector::process()"
  std::string file;      ///< as the compiler was given it
  int line = 0;
};

/// The place of the instruction at `offset` bytes into the file, then each caller it was inlined
/// into. Never empty. Files that are missing, no ELF or damaged are files about which nothing is
/// known.
std::vector<SourcePlace> find_source(const std::string& file, std::uint64_t offset);

}  // namespace vcengine
