// The pages that blocks write, as the host reads them: whatever is in them, it is shown and nothing
// worse, and a page that nobody wrote over is not said to be damaged.
#include "engine/control/json.hpp"
#include "engine/control/report_json.hpp"
#include "engine/run/page_stats.hpp"
#include "engine/run/page_watch.hpp"
#include "engine/show/report.hpp"
#include "engine/show/run_history.hpp"
#include "engine/show/status_text.hpp"
#include "tests/fuzz/pages.hpp"

namespace vcengine::fuzz {
namespace {

using namespace wire;

class Trial {
 public:
  explicit Trial(Input& input)
      : input_(input),
        status_(made<StatusPage>(status_bytes_, [](auto bytes) { init_status_page(bytes); })),
        writer_(made<WriterPage>(writer_bytes_,
                                 [this](auto bytes) { init_writer_page(bytes, config_); })),
        reader_(made<ReaderPage>(reader_bytes_, [](auto bytes) { init_reader_page(bytes, {}); })),
        status_watch_(status_),
        writer_watch_(writer_),
        reader_watch_(reader_, writer_) {}

  void run() {
    RunHistory history;
    for (int i = 0; i < 3; ++i) {
      for (const auto* page : {&status_bytes_, &writer_bytes_, &reader_bytes_}) write_over(*page);
      const auto stats = read_all();
      history.add(stats);
      status_text(stats, history, Glyphs::utf8);
      report(stats, Glyphs::ascii);
      parse_json(report_json(stats));
      check(status_watch_.look());
      check(writer_watch_.look());
      check(reader_watch_.look());
    }
  }

 private:
  template <class Page, class Make>
  static const Page& made(const PageBytes& bytes, Make make) {
    make(bytes.bytes());
    return *reinterpret_cast<const Page*>(bytes.bytes().data());
  }

  void write_over(const PageBytes& page) {
    for (auto words = input_.below(16); words > 0; --words) {
      scribble(input_, page.bytes());
      untouched_ = false;
    }
  }

  RunStats read_all() {
    RunStats stats;
    stats.circuit = "trial";
    stats.running = std::chrono::nanoseconds(running_ += input_.take<std::uint32_t>());
    BlockStats block{
        .name = "a", .type = "t", .is_source = input_.flag(), .is_sink = input_.flag()};
    read(status_, block);
    check(block.process_time);
    require(!block.at_work || block.at_work->count() >= 0,
            "nobody is at work since a time to come");
    stats.blocks = {block, block};
    WireStats wire{.from = "a.out", .to = "a.in", .policy = "wait", .depth = 2};
    read(writer_, config_.ring_size(), reader_, wire);
    check(wire.age);
    for (const auto& time : {wire.stamp, wire.born, wire.newest_stamp})
      require(!time || time->count() >= 0, "a time that is shown is one that a frame can have");
    stats.wires.push_back(wire);
    return stats;
  }

  void check(const PageDamage& damage) const {
    require(!damage || !untouched_, "a page that nobody wrote over is in order");
    require(!damage || !damage->empty(), "damage has a name");
  }

  static void check(const std::optional<Quantiles>& measured) {
    if (!measured) return;
    require(measured->p50.count() >= 0 && measured->p99.count() >= 0,
            "no time that is measured is below 0");
  }

  Input& input_;
  const PoolConfig config_{.depth = 2};
  const PageBytes status_bytes_{sizeof(StatusPage)}, reader_bytes_{sizeof(ReaderPage)},
      writer_bytes_{writer_page_size(config_.ring_size(), config_.slots())};
  const StatusPage& status_;
  const WriterPage& writer_;
  const ReaderPage& reader_;
  StatusPageWatch status_watch_;
  WriterPageWatch writer_watch_;
  ReaderPageWatch reader_watch_;
  std::int64_t running_ = 0;
  bool untouched_ = true;
};

}  // namespace
}  // namespace vcengine::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  vcengine::fuzz::Input input(data, size);
  vcengine::fuzz::Trial(input).run();
  return 0;
}
