#include "engine/capsule/rerun_set_up.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

#include "engine/capsule/rerun_pages.hpp"
#include "vcengine/errors.hpp"
#include "wire/layout.hpp"

namespace vcengine {

using wire::Access;
using wire::Mapping;

namespace {

FileDescriptor page_file(const char* name, std::span<const std::byte> bytes) {
  auto file = wire::create_segment(name, bytes.size());
  std::ranges::copy(bytes, Mapping(file.get(), Access::read_write).bytes().begin());
  return file;
}

/// Payload memory, with the frame where its entry says.
FileDescriptor payload_file(std::uint64_t slots, std::uint64_t stride) {
  return wire::create_segment("vcengine:frames", slots * stride);
}

void put(const FileDescriptor& file, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written =
        ::pwrite(file.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw std::system_error(errno, std::generic_category(), "shared memory");
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

FileDescriptor host_page(std::uint32_t lines, std::chrono::nanoseconds running) {
  Bytes bytes(wire::host_page_size(lines, 1));
  wire::init_host_page(bytes, lines, 1);
  auto& page = wire::host_page(bytes);
  for (std::uint32_t line = 0; line < lines; ++line) {
    page.wire()[line].gate.store(static_cast<std::uint32_t>(wire::Gate::open));
    page.wire()[line].alive.store(1);
  }
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  page.origin.store(static_cast<std::uint64_t>((now - running).count()));
  page.run_state.store(static_cast<std::uint32_t>(wire::RunState::run));
  return page_file("vcengine:host", bytes);
}

FileDescriptor make_eventfd() {
  FileDescriptor fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) throw std::system_error(errno, std::generic_category(), "eventfd");
  return fd;
}

void check_origin(const Capsule::Origin& origin) {
  constexpr auto kMaxStride = std::uint64_t{1} << 40;
  if (origin.origin == 0 || origin.slots < 1 || origin.slots > wire::kMaxSlots ||
      origin.stride < wire::kSlotAlignment || origin.stride > kMaxStride ||
      origin.stride % wire::kSlotAlignment != 0) {
    throw CapsuleError("a pool of " + std::to_string(origin.slots) + " slots of " +
                       std::to_string(origin.stride) + " bytes makes no sense");
  }
}

}  // namespace

RerunSetUp::RerunSetUp(const Capsule& capsule, Options options) {
  try {
    add_load(capsule, options.limits);
    add_own_pages(capsule);
    add_other_pages(capsule, options.eventfds);
    messages_.push_back({.body = {{"op", "start"},
                                  {"paced", false},
                                  {"held", false},
                                  {"follows", false},
                                  {"frames", 0},
                                  {"until", 0},
                                  {"spin", 0},
                                  {"rerun", true}},
                         .descriptors = {}});
  } catch (const WireCorrupt& error) {
    throw CapsuleError(error.what());
  }
}

void RerunSetUp::add_load(const Capsule& capsule, bool limits) {
  auto load = capsule.load;
  load["op"] = "load";
  load["retry"] = true;
  load["admitted"] = false;
  load["debug"] = false;
  load["build_id"] = capsule.build_id;
  if (auto* resources = load.if_contains("resources");
      !limits && resources != nullptr && resources->is_object()) {
    resources->get_object()["memory"] = nullptr;
  }
  messages_.push_back({.body = std::move(load), .descriptors = {}});
}

void RerunSetUp::add_own_pages(const Capsule& capsule) {
  JsonArray inputs, outputs;
  std::vector<FileDescriptor> descriptors;
  auto status = capsule.status;
  wire::status_page(status);
  descriptors.push_back(page_file("vcengine:status", status));
  status_ = Mapping(descriptors.back().get(), Access::read_only);
  for (const auto& output : capsule.outputs) {
    const auto ring = rerun_ring(output);
    const auto& header = reinterpret_cast<const wire::WriterPage*>(ring.data())->header;
    descriptors.push_back(page_file("vcengine:ring", ring));
    descriptors.push_back(payload_file(header.slots, header.stride));
    outputs.emplace_back(
        JsonObject{{"port", output.port},
                   {"tells_bound", output.tells_bound},
                   {"origins", JsonArray(output.origins.begin(), output.origins.end())},
                   {"forwarded", output.forwarded}});
  }
  std::uint32_t line = 0;
  for (const auto& input : capsule.inputs) {
    descriptors.push_back(page_file("vcengine:reader", rerun_pages(input, line++).reader));
    inputs.emplace_back(JsonObject{{"port", input.port}, {"feedback", input.feedback}});
  }
  messages_.push_back({.body = {{"op", "map_own"}, {"outputs", outputs}, {"inputs", inputs}},
                       .descriptors = std::move(descriptors)});
}

void RerunSetUp::add_other_pages(const Capsule& capsule, bool eventfds) {
  JsonArray inputs;
  std::vector<FileDescriptor> descriptors;
  descriptors.push_back(
      host_page(static_cast<std::uint32_t>(capsule.inputs.size()), capsule.running));
  if (eventfds) descriptors.push_back(make_eventfd());
  for (const auto& input : capsule.inputs) {
    const auto line = static_cast<std::uint32_t>(inputs.size());
    const auto pages = rerun_pages(input, line);
    const auto& header = reinterpret_cast<const wire::WriterPage*>(pages.ring.data())->header;
    if (input.frame && !input.left_out.empty()) {
      throw CapsuleError("frame " + std::to_string(*input.frame) + " of input '" + input.port +
                         "' is not in the capsule: " + input.left_out);
    }
    const auto place = input.frame ? place_of_frame(input, pages.ring) : HeldFrame{};
    const auto add_payload = [&](std::uint64_t origin, std::uint64_t slots, std::uint64_t stride) {
      descriptors.push_back(payload_file(slots, stride));
      if (input.frame && place.origin == origin) {
        put(descriptors.back(), place.slot * stride, input.payload.bytes());
      }
    };
    descriptors.push_back(page_file("vcengine:ring", pages.ring));
    add_payload(0, header.slots, header.stride);
    JsonArray origins;
    for (const auto& origin : input.origins) {
      check_origin(origin);
      add_payload(origin.origin, origin.slots, origin.stride);
      origins.emplace_back(JsonObject{
          {"origin", origin.origin}, {"slots", origin.slots}, {"stride", origin.stride}});
    }
    if (eventfds) descriptors.push_back(make_eventfd());
    inputs.emplace_back(JsonObject{{"line", line}, {"origins", std::move(origins)}});
  }
  const JsonArray nobody_reads(capsule.outputs.size(), JsonArray());
  messages_.push_back({.body = {{"op", "map_others"},
                                {"outputs", nobody_reads},
                                {"inputs", inputs},
                                {"worker", 0},
                                {"eventfds", eventfds},
                                {"admits", JsonArray()}},
                       .descriptors = std::move(descriptors)});
}

void RerunSetUp::answer(const Channel& worker, std::string_view op) const {
  constexpr std::array<std::string_view, 4> kWords = {"hello", "loaded", "mapped", "wired"};
  const auto word = std::ranges::find(kWords, op);
  if (word != kWords.end()) {
    send(messages_.at(static_cast<std::size_t>(word - kWords.begin())), worker);
  }
}

void RerunSetUp::send_all(const Channel& worker) const {
  const int room = 4 * static_cast<int>(Channel::kMaxBytes);  // as much of it as the system grants
  ::setsockopt(worker.fd(), SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
  for (const auto& message : messages_) send(message, worker);
}

void RerunSetUp::send(const Sent& message, const Channel& worker) {
  std::vector<int> descriptors;
  for (const auto& descriptor : message.descriptors) descriptors.push_back(descriptor.get());
  if (!worker.send(message.body, descriptors)) {
    throw ChannelError("the worker cannot be told all that is in the capsule");
  }
}

}  // namespace vcengine
