#include "engine/worker/worker_wires.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "block_access.hpp"
#include "engine/crash/crash_handler.hpp"

namespace vcengine {

using wire::Access;
using wire::Mapping;

namespace {

/// Hands out the descriptors of a message in their order.
class Descriptors {
 public:
  explicit Descriptors(Message& message) : descriptors_(message.descriptors) {}

  FileDescriptor next() {
    if (next_ == descriptors_.size()) throw ChannelError("too few descriptors in a message");
    return std::move(descriptors_[next_++]);
  }
  Mapping map_page(Access access) { return wire::map_page(next().get(), access); }
  Mapping map_payload(Access access) { return Mapping(next().get(), access); }

 private:
  std::vector<FileDescriptor>& descriptors_;
  std::size_t next_ = 0;
};

}  // namespace

InputBase& WorkerWires::input_port(const std::string& name) {
  for (auto* port : detail::BlockAccess::inputs(block_)) {
    if (port->info().name == name) return *port;
  }
  for (auto* ports : detail::BlockAccess::many_inputs(block_)) {
    for (std::size_t i = 0; i < ports->size(); ++i) {
      if (ports->port(i).info().name == name) return ports->port(i);
    }
  }
  throw std::logic_error("the plugin was exchanged: it has no input '" + name + "' any more");
}

OutputBase& WorkerWires::output_port(const std::string& name) {
  for (auto* port : detail::BlockAccess::outputs(block_)) {
    if (port->info().name == name) return *port;
  }
  throw std::logic_error("the plugin was exchanged: it has no output '" + name + "' any more");
}

void WorkerWires::map_own(Message message) {
  Descriptors descriptors(message);
  status_ = descriptors.map_page(Access::read_write);
  for (const auto& entry : array_of(message.body, "outputs")) {
    const auto& planned = object_of(entry, "output");
    Output output;
    output.port = &output_port(text_of(planned, "port"));
    output.tells_bound = flag_of(planned, "tells_bound");
    for (const auto& origin : array_of(planned, "origins"))
      output.forwarding.origins.push_back(origin.to_number<std::uint64_t>());
    output.forwarding.frames = planned.at("forwarded").to_number<std::uint32_t>();
    output.control = descriptors.map_page(Access::read_write);
    output.payload = descriptors.map_payload(Access::read_write);
    outputs_.push_back(std::move(output));
  }
  for (const auto& entry : array_of(message.body, "inputs")) {
    const auto& planned = object_of(entry, "input");
    Input input;
    input.port = &input_port(text_of(planned, "port"));
    input.feedback = flag_of(planned, "feedback");
    input.own_page = descriptors.map_page(Access::read_write);
    inputs_.push_back(std::move(input));
  }
}

void WorkerWires::map_others(Message message) {
  Descriptors descriptors(message);
  const bool eventfds = flag_of(message.body, "eventfds");
  host_ = descriptors.map_page(Access::read_only);
  const auto& host = wire::host_page(host_.bytes());
  worker_ = static_cast<std::size_t>(integer_of(message.body, "worker"));
  if (worker_ >= host.header.workers) throw WireCorrupt("host page: it has no such worker");
  waiter_ = std::make_unique<wire::SharedWaiter>(
      host, eventfds ? descriptors.next() : FileDescriptor(), &status());
  const auto line_at = [&](std::size_t index) {
    if (index >= host.header.wires) throw WireCorrupt("host page: it has no such wire");
    return &host.wire()[index];
  };
  const auto next_eventfd = [&](std::vector<int>& bells) {
    eventfds_.push_back(descriptors.next());
    bells.push_back(eventfds_.back().get());
  };

  std::size_t next_output = 0;
  for (const auto& lines : array_of(message.body, "outputs")) {
    auto& output = outputs_.at(next_output++);
    std::vector<int> bells;
    for (const auto& line : lines.as_array()) {
      output.reader_pages.push_back(descriptors.map_page(Access::read_only));
      output.readers.push_back({&wire::reader_page(output.reader_pages.back().bytes()),
                                line_at(line.to_number<std::size_t>())});
      if (eventfds) next_eventfd(bells);
    }
    output.doorbell = make_doorbell(std::move(bells));
  }
  std::size_t next_input = 0;
  for (const auto& entry : array_of(message.body, "inputs")) {
    const auto& planned = object_of(entry, "input");
    auto& input = inputs_.at(next_input++);
    input.line = planned.at("line").to_number<std::uint32_t>();
    line_at(input.line);
    const auto map_payload = [&] {
      auto payload = descriptors.map_payload(Access::read_only);
      const auto bytes = payload.bytes();
      crash_site_.add_read_only(bytes.data(), bytes.data() + bytes.size(), input.port->info().name);
      return payload;
    };
    input.control = descriptors.map_page(Access::read_only);
    input.payload = map_payload();
    for (const auto& described : array_of(planned, "origins")) {
      const auto& origin = object_of(described, "origin");
      auto payload = map_payload();
      const auto bytes = payload.bytes();
      input.origins.push_back({std::move(payload),
                               {.origin = origin.at("origin").to_number<std::uint64_t>(),
                                .bytes = bytes,
                                .slots = origin.at("slots").to_number<std::uint32_t>(),
                                .stride = origin.at("stride").to_number<std::uint64_t>()}});
    }
    std::vector<int> bells;
    if (eventfds) next_eventfd(bells);
    input.doorbell = make_doorbell(std::move(bells));
  }
  map_members(message.body, [&] { return descriptors.map_page(Access::read_only); });
}

void WorkerWires::map_members(const JsonObject& message,
                              const std::function<Mapping()>& next_page) {
  for (const auto& entry : array_of(message, "admits")) {
    const auto& planned = object_of(entry, "member");
    Member member;
    member.joins = flag_of(planned, "joins");
    for (const auto& before : array_of(planned, "after")) {
      member.after.push_back(before.to_number<std::size_t>());
      if (member.after.back() >= members_.size()) {
        throw ChannelError("a member of an admission group comes before the one it follows");
      }
    }
    member.status = next_page();
    members_.push_back(std::move(member));
  }
}

std::unique_ptr<detail::Admission> WorkerWires::make_admission() {
  if (members_.empty()) return nullptr;
  std::vector<detail::AdmissionForecast::Member> members;
  for (const auto& member : members_) {
    members.push_back({&wire::status_page(member.status.bytes()), member.after, member.joins});
  }
  return std::make_unique<detail::Admission>(std::move(members), host(), status().busy);
}

std::unique_ptr<wire::Doorbell> WorkerWires::make_doorbell(std::vector<int> eventfds) const {
  if (eventfds.empty()) return std::make_unique<wire::FutexDoorbell>();
  return std::make_unique<wire::EventfdDoorbell>(std::move(eventfds));
}

/// A block may publish whether or not somebody listens; without a wire, into memory of its own.
void WorkerWires::add_unwired_output(OutputBase& port) {
  wire::PoolConfig config;
  config.readers = 0;
  config.observers = 0;
  config.capacity = std::uint64_t{64} << 20;
  // Its frames wait to be let in with those of the other outputs.
  if (!members_.empty()) config.loans = wire::kAdmittedLoans;
  Output output;
  output.port = &port;
  output.control = Mapping::anonymous(wire::writer_page_size(config.ring_size(), config.slots()));
  output.payload = Mapping::anonymous(config.slots() * config.stride());
  wire::init_writer_page(output.control.bytes(), config);
  output.doorbell = make_doorbell({});
  outputs_.push_back(std::move(output));
}

std::unique_ptr<detail::BlockRunner> WorkerWires::make_runner(wire::Waiter& waiter,
                                                              detail::RunnerOptions options) {
  for (auto* port : detail::BlockAccess::outputs(block_)) {
    const auto wired = std::ranges::find(outputs_, port, &Output::port) != outputs_.end();
    if (!wired) add_unwired_output(*port);
  }
  std::vector<detail::BlockRunner::Input> inputs;
  for (auto& input : inputs_) {
    auto reader = std::make_shared<wire::RingReader>(wire::reader_page(input.own_page.bytes()),
                                                     input.control.bytes(), input.payload.bytes(),
                                                     host().wire()[input.line], *input.doorbell);
    for (const auto& origin : input.origins) reader->add_origin(origin.view);
    inputs.push_back({input.port, std::move(reader), input.feedback});
  }
  std::vector<detail::BlockRunner::Output> outputs;
  for (auto& output : outputs_) {
    auto writer = std::make_unique<wire::RingWriter>(wire::writer_page(output.control.bytes()),
                                                     output.payload.bytes(), output.readers,
                                                     *output.doorbell);
    writer->allow_forwarding(output.forwarding);
    outputs.push_back({output.port, std::move(writer), output.tells_bound});
  }
  options.keep_holds = &host_line().keep_holds;
  return std::make_unique<detail::BlockRunner>(block_, std::move(inputs), std::move(outputs),
                                               waiter, status(), options, make_admission());
}

}  // namespace vcengine
