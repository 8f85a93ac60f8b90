/// Page faults that this process takes by touching memory.
#pragma once

#include <cstdint>

#include "file_descriptor.hpp"

namespace vcengine::bench {

/// Counts from here on. Memory that is asked for by a call beforehand is no fault; where the system
/// lets nobody count events, it is counted with them.
class PageFaults {
 public:
  PageFaults();
  std::int64_t so_far() const;

 private:
  FileDescriptor event_;
  std::int64_t before_ = 0;
};

}  // namespace vcengine::bench
