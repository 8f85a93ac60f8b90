#include "page_faults.hpp"

#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace vcengine::bench {

namespace {

int open_fault_counter() {
  perf_event_attr attributes{};
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_PAGE_FAULTS;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return static_cast<int>(
      ::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

std::int64_t minor_faults() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_minflt;
}

}  // namespace

PageFaults::PageFaults() : event_(open_fault_counter()) { before_ = so_far(); }

std::int64_t PageFaults::so_far() const {
  std::uint64_t count = 0;
  const bool counted = event_ && ::read(event_.get(), &count, sizeof count) == sizeof count;
  return (counted ? static_cast<std::int64_t>(count) : minor_faults()) - before_;
}

}  // namespace vcengine::bench
