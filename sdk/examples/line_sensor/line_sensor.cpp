// A source with a thread of its own: a sensor that sends one number a line, over a serial port or a
// named pipe. The thread waits in poll(), so that nothing the device does or leaves undone keeps
// the block from stopping.
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <vcengine/block.hpp>

using namespace std::chrono_literals;

class LineSensor final : public vcengine::Block {
 public:
  vcengine::Out<vcengine::Number> values{this, "values", "One frame a line that is a number"};
  vcengine::Param<vcengine::Path> device{
      this, "device", {.init = "/dev/ttyUSB0"}, "Serial port or named pipe"};

  void start() override {
    // For writing as well: a named pipe then waits for its next writer instead of ending with the
    // first.
    device_ = ::open(device->c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (device_ < 0) throw std::system_error(errno, std::generic_category(), device->string());
    wake_ = ::eventfd(0, EFD_CLOEXEC);
    reader_ = std::thread([this] { read_lines(); });
  }

  // Only process() publishes: ports belong to the thread that calls it. It comes back without a
  // frame now and then, so that the circuit can be stopped while the device is silent.
  void process() override {
    std::unique_lock lock(mutex_);
    arrived_.wait_for(lock, 50ms, [this] { return !lines_.empty() || ended_; });
    if (lines_.empty()) {
      if (ended_) finish();
      return;
    }
    const auto [value, born] = lines_.front();
    lines_.pop_front();
    lock.unlock();
    if (!origin_) origin_ = born;
    set_stamp(born - *origin_, born);  // when it was read, not when it was its turn
    values.publish(value);
  }

  void stop() override {
    ::eventfd_write(wake_, 1);
    reader_.join();
    ::close(wake_);
    ::close(device_);
  }

 private:
  struct Line {
    double value;
    vcengine::Born born;
  };

  void read_lines() {
    std::string text;
    char buffer[256];
    pollfd fds[] = {{.fd = device_, .events = POLLIN, .revents = 0},
                    {.fd = wake_, .events = POLLIN, .revents = 0}};
    while (::poll(fds, 2, -1) >= 0 || errno == EINTR) {
      if (fds[1].revents != 0) return;
      const auto got = ::read(device_, buffer, sizeof buffer);
      if (got < 0 && (errno == EAGAIN || errno == EINTR)) continue;
      if (got <= 0) break;  // unplugged
      text.append(buffer, static_cast<std::size_t>(got));
      for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
        add(std::string_view(text).substr(0, end));
        text.erase(0, end + 1);
      }
    }
    const std::lock_guard lock(mutex_);
    ended_ = true;
    arrived_.notify_one();
  }

  void add(std::string_view line) {
    Line read{0, std::chrono::steady_clock::now().time_since_epoch()};
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), read.value);
    if (error != std::errc()) {
      vcengine::log_warning("no number: '" + std::string(line) + "'");
      return;
    }
    const std::lock_guard lock(mutex_);
    lines_.push_back(read);
    arrived_.notify_one();
  }

  int device_ = -1, wake_ = -1;
  std::thread reader_;
  std::optional<vcengine::Born> origin_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  std::deque<Line> lines_;
  bool ended_ = false;
};

VCENGINE_PLUGIN(registry) {
  registry.add<LineSensor>("example.line_sensor", "Reads a number a line from a device",
                           {.live = true, .deterministic = false});
}
