#include "engine/capsule/capsule_recorder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/capsule/held_frame.hpp"

namespace vcengine {

using enum std::memory_order;

namespace {

constexpr std::uint64_t kChunk = 1 << 20;  // between two looks at whether it is still wanted

FileDescriptor copy_of(int file) {
  FileDescriptor copy(::fcntl(file, F_DUPFD_CLOEXEC, 0));
  if (!copy) throw std::system_error(errno, std::generic_category(), "cannot copy a descriptor");
  return copy;
}

/// Whoever waits for frames comes first.
void step_back() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 10); }

/// As a word of a shell.
std::string quoted(const std::string& path) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+").find(c) != std::string_view::npos;
  };
  if (std::ranges::all_of(path, plain)) return path;
  std::string text = "'";
  for (const char c : path) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

CapsuleRecorder::CapsuleRecorder(std::optional<CapsuleFolder> folder, CapsuleLimits limits)
    : folder_(std::move(folder)),
      limits_(limits),
      ready_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!ready_) throw std::system_error(errno, std::generic_category(), "eventfd");
}

CapsuleRecorder::~CapsuleRecorder() {
  auto copying = Stage::copying;
  stage_.compare_exchange_strong(copying, Stage::given_up);
}

bool CapsuleRecorder::is_busy() const {
  const auto stage = stage_.load(acquire);
  return stage != Stage::idle && stage != Stage::done;
}

bool CapsuleRecorder::begin(Capsule capsule, const Scene& scene,
                            std::shared_future<CrashInfo> crash, Clock::time_point now) {
  if (!folder_) return false;
  const auto& block = capsule.block;
  const auto last = last_.find(block);
  if (is_busy() || (last != last_.end() && now - last->second < kEvery)) {
    ++skipped_[block];
    return false;
  }
  take_result();
  last_[block] = now;
  job_ = {.capsule = std::move(capsule),
          .parts = {},
          .crash = std::move(crash),
          .deadline = Clock::time_point::max(),
          .path = {},
          .problem = {}};
  try {
    copy_pages(scene);
    const bool frames = !job_.parts.empty();
    stage_.store(Stage::copying);
    thread_ = std::jthread([this] { run(); });
    return frames;
  } catch (const std::exception& error) {  // no memory, no descriptor or no thread is left
    stage_.store(Stage::idle);
    notes_.push_back("no capsule of block " + job_.capsule.block + ": " + error.what());
    ::eventfd_write(ready_.get(), 1);
    return false;
  }
}

void CapsuleRecorder::copy_pages(const Scene& scene) {
  auto& capsule = job_.capsule;
  capsule.status = copy_page(scene.status);
  auto room = limits_.frames_bytes;
  for (const auto& wired : scene.inputs) {
    auto& input = capsule.inputs.emplace_back();
    input.port = wired.port;
    input.latest = wired.latest;
    input.feedback = wired.feedback;
    input.reader = copy_page(wired.reader);
    input.ring = copy_page(wired.ring);
    for (const auto& origin : wired.origins) {
      input.origins.push_back({origin.origin, origin.slots, origin.stride});
    }
    input.frame = frame_of_call(input.reader, wired.latest);
    if (!input.frame) continue;
    const auto held =
        find_frame(input.ring, wired.ring, input.reader, *input.frame, input.left_out);
    if (!held) continue;
    const auto origin = std::ranges::find(wired.origins, held->origin, &Scene::Memory::origin);
    const auto& memory = held->origin == 0 ? wired.pool : *origin;
    if (held->origin != 0 && origin == wired.origins.end()) {
      input.left_out = "it is of a pool that this wire does not know";
    } else if (held->slot >= memory.slots || held->size > memory.stride) {
      input.left_out = "its entry makes no sense";
    } else if (held->size > room) {
      input.left_out = fmt::format("it has {} bytes, too many for a capsule", held->size);
    } else {
      room -= held->size;
      job_.parts.push_back({.input = capsule.inputs.size() - 1,
                            .file = copy_of(memory.file),
                            .offset = held->slot * memory.stride,
                            .size = held->size});
    }
  }
  for (const auto& wired : scene.outputs) {
    capsule.outputs.push_back({.port = wired.port,
                               .tells_bound = wired.tells_bound,
                               .origins = wired.origins,
                               .forwarded = wired.forwarded,
                               .ring = copy_page(wired.ring)});
  }
}

void CapsuleRecorder::run() noexcept {
  try {
    const bool complete = copy_frames();
    auto copying = Stage::copying;
    if (complete && stage_.compare_exchange_strong(copying, Stage::copied)) {
      ::eventfd_write(ready_.get(), 1);
      step_back();
      write();
    } else {
      job_.problem =
          fmt::format("its frames could not be copied within {} ms", limits_.wait.count());
    }
  } catch (const std::exception& error) {
    job_.problem = error.what();
  }
  stage_.store(Stage::done, release);
  ::eventfd_write(ready_.get(), 1);
}

bool CapsuleRecorder::copy_frames() {
  return std::ranges::all_of(job_.parts, [this](const Part& part) { return copy(part); });
}

/// Read and not mapped: a host has better things to do than faulting in pages.
bool CapsuleRecorder::copy(const Part& part) {
  auto& payload = job_.capsule.inputs[part.input].payload;
  payload = {std::make_unique_for_overwrite<std::byte[]>(part.size), part.size};
  for (std::uint64_t done = 0; done < part.size;) {
    if (stage_.load(relaxed) != Stage::copying) return false;
    const auto got =
        ::pread(part.file.get(), payload.data.get() + done, std::min(kChunk, part.size - done),
                static_cast<off_t>(part.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw std::system_error(errno, std::generic_category(), "cannot read a frame");
    done += static_cast<std::uint64_t>(got);
  }
  return true;
}

void CapsuleRecorder::write() {
  auto& capsule = job_.capsule;
  job_.parts.clear();
  if (job_.crash.valid()) {
    const auto& crash = job_.crash.get();
    capsule.death.how = crash.signal_name;
    capsule.death.text = crash_message(crash, capsule.circuit, capsule.block, capsule.death.frame);
    capsule.death.backtrace = crash.backtrace;
  }
  const auto path = folder_->add(capsule);
  job_.path = quoted(path.string());
}

bool CapsuleRecorder::hold_up(const std::string& block, Clock::time_point now) {
  if (!is_copying() || job_.capsule.block != block) return false;
  job_.deadline = std::min(job_.deadline, now + limits_.wait);
  return true;
}

CapsuleRecorder::Clock::time_point CapsuleRecorder::deadline() const {
  return is_copying() ? job_.deadline : Clock::time_point::max();
}

void CapsuleRecorder::look(Clock::time_point now) {
  if (!is_copying() || now < job_.deadline) return;
  auto copying = Stage::copying;
  stage_.compare_exchange_strong(copying, Stage::given_up);
}

void CapsuleRecorder::finish_copying() {
  if (!is_copying()) return;
  hold_up(job_.capsule.block, Clock::now());
  while (is_copying()) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(job_.deadline - Clock::now()).count();
    pollfd copied{.fd = ready_.get(), .events = POLLIN, .revents = 0};
    // What made it readable before may be of another capsule, whose notes nobody has fetched yet.
    eventfd_t ignored = 0;
    if (left <= 0 || ::poll(&copied, 1, static_cast<int>(left)) == 0) {
      look(Clock::time_point::max());
    } else {
      ::eventfd_read(ready_.get(), &ignored);
    }
  }
  ::eventfd_write(ready_.get(), 1);
}

void CapsuleRecorder::take_result() {
  if (stage_.load(acquire) != Stage::done) return;
  thread_.join();
  const auto& block = job_.capsule.block;
  const auto skipped = std::exchange(skipped_[block], 0);
  const auto more =
      skipped == 0 ? std::string() : fmt::format(" ({} more deaths have none)", skipped);
  notes_.push_back(
      job_.path.empty()
          ? fmt::format("no capsule of block {}: {}{}", block, job_.problem, more)
          : fmt::format("capsule of block {}{}: vcengine rerun {}", block, more, job_.path));
  job_ = {};
  stage_.store(Stage::idle);
}

std::vector<std::string> CapsuleRecorder::take_notes() {
  eventfd_t ignored = 0;
  ::eventfd_read(ready_.get(), &ignored);
  take_result();
  return std::exchange(notes_, {});
}

std::vector<std::string> CapsuleRecorder::finish() {
  while (is_busy()) {
    pollfd done{.fd = ready_.get(), .events = POLLIN, .revents = 0};
    ::poll(&done, 1, -1);
    eventfd_t ignored = 0;
    ::eventfd_read(ready_.get(), &ignored);
  }
  auto notes = take_notes();
  for (const auto& [block, skipped] : std::exchange(skipped_, {})) {
    if (skipped == 0) continue;
    notes.push_back(fmt::format("{} more deaths of block {} have no capsule", skipped, block));
  }
  return notes;
}

}  // namespace vcengine
