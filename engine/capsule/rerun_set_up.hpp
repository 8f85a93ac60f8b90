/// What a worker is told and handed to take over from the dead of a capsule: the messages of any
/// set-up, with copies of the pages in memory of their own. It goes on as any successor does that
/// is to try a frame again; but nothing comes behind that frame, and nobody reads what it
/// publishes.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/capsule/capsule.hpp"
#include "engine/control/channel.hpp"
#include "file_descriptor.hpp"
#include "wire/segment.hpp"

namespace vcengine {

class RerunSetUp {
 public:
  struct Options {
    bool eventfds = false;  ///< futex_waitv is missing
    bool limits = true;     ///< `memory:` counts; no memory checker could start with it
  };

  /// Throws CapsuleError, for what is in the capsule, and std::system_error.
  RerunSetUp(const Capsule& capsule, Options options);

  /// The answer to what the worker has just said of itself; nothing, if it waits for none. Throws
  /// ChannelError.
  void answer(const Channel& worker, std::string_view op) const;
  /// Everything at once, to a worker that has not begun: it takes one message after the other.
  void send_all(const Channel& worker) const;

  const wire::StatusPage& status() const { return wire::status_page(status_.bytes()); }

 private:
  struct Sent {
    JsonObject body;
    std::vector<FileDescriptor> descriptors;
  };

  void add_load(const Capsule& capsule, bool limits);
  void add_own_pages(const Capsule& capsule);
  void add_other_pages(const Capsule& capsule, bool eventfds);

  static void send(const Sent& message, const Channel& worker);

  std::vector<Sent> messages_;
  wire::Mapping status_;
};

}  // namespace vcengine
