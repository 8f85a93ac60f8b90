/// The signals that a run handles, blocked for the host's life so that they only ever come through
/// a signalfd. (They then also reach a host that is PID 1, whose unhandled signals the kernel would
/// drop.) SIGPIPE is ignored: whoever writes is told.
#pragma once

#include <functional>

#include "file_descriptor.hpp"

namespace vcengine {

class RunSignals {
 public:
  RunSignals();  ///< throws std::system_error

  int fd() const noexcept { return fd_.get(); }
  /// SIGINT, SIGTERM, SIGHUP and SIGCHLD, each that came since the last time.
  void read(const std::function<void(int number)>& on_signal) const;

 private:
  FileDescriptor fd_;
};

}  // namespace vcengine
