/// The wires of one worker: maps the pages that the host hands over and joins them to the block's
/// ports. [worker]
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "block_runner.hpp"
#include "engine/control/channel.hpp"
#include "vcengine/block.hpp"
#include "wire/futex.hpp"
#include "wire/segment.hpp"
#include "wire/waiter.hpp"

namespace vcengine {

class CrashSite;

class WorkerWires {
 public:
  /// Borrows the block, which outlives it. `crash_site` learns which memory is read-only.
  WorkerWires(Block& block, CrashSite& crash_site) : block_(block), crash_site_(crash_site) {}

  /// The two steps of set-up, each a message of the host. Throw JsonError, WireCorrupt,
  /// std::system_error.
  void map_own(Message message);
  void map_others(Message message);

  /// After both: the ports with their rings, outputs without a wire over memory of their own.
  /// `waiter` outlives it.
  std::unique_ptr<detail::BlockRunner> make_runner(wire::Waiter& waiter,
                                                   detail::RunnerOptions options);

  wire::StatusPage& status() { return wire::status_page(status_.bytes()); }
  wire::SharedWaiter& waiter() { return *waiter_; }
  const wire::HostPage& host() const { return wire::host_page(host_.bytes()); }
  const wire::WorkerLine& host_line() const { return host().worker()[worker_]; }

 private:
  struct Output {
    OutputBase* port = nullptr;
    bool tells_bound = false;
    wire::RingWriter::Forwarding forwarding;
    wire::Mapping control, payload;
    std::vector<wire::Mapping> reader_pages;
    std::vector<wire::RingWriter::Reader> readers;
    std::unique_ptr<wire::Doorbell> doorbell;
  };
  /// Memory of another output, whose frames come over the wire as they are.
  struct Origin {
    wire::Mapping payload;
    wire::PayloadView view;
  };
  struct Input {
    InputBase* port = nullptr;
    bool feedback = false;
    wire::Mapping own_page, control, payload;
    std::vector<Origin> origins;
    std::uint32_t line = 0;
    std::unique_ptr<wire::Doorbell> doorbell;
  };

  /// One that a live source looks at before it lets a frame in.
  struct Member {
    wire::Mapping status;
    std::vector<std::size_t> after;
    bool joins = false;
  };

  InputBase& input_port(const std::string& name);
  OutputBase& output_port(const std::string& name);
  void add_unwired_output(OutputBase& port);
  void map_members(const JsonObject& message, const std::function<wire::Mapping()>& next_page);
  std::unique_ptr<detail::Admission> make_admission();
  std::unique_ptr<wire::Doorbell> make_doorbell(std::vector<int> eventfds) const;

  Block& block_;
  CrashSite& crash_site_;
  wire::Mapping status_, host_;
  std::size_t worker_ = 0;  // its line in the host's page
  std::vector<Output> outputs_;
  std::vector<Input> inputs_;
  std::vector<Member> members_;
  std::vector<FileDescriptor> eventfds_;  // of neighbours, where futex_waitv is missing
  std::unique_ptr<wire::SharedWaiter> waiter_;
};

}  // namespace vcengine
