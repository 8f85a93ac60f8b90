// What appears on a terminal, on a pseudo terminal of the test's own; and what does not: the host
// must never wait for a reader.
#include "engine/show/status_line.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <string>

#include "engine/show/status_text.hpp"
#include "file_descriptor.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

RunStats running(std::chrono::nanoseconds time, std::uint64_t frames) {
  RunStats stats;
  stats.circuit = "edges";
  stats.running = time;
  BlockStats camera;
  camera.name = "camera";
  camera.is_source = true;
  camera.frames = frames;
  camera.progress_done = frames;
  camera.progress_total = 800;
  BlockStats view;
  view.name = "view";
  view.is_sink = true;
  view.frames = frames;
  stats.blocks = {camera, view};
  WireStats wire;
  wire.from = "camera.frames";
  wire.to = "view.image";
  wire.dropped = {{"superseded", 3}};
  wire.age = Quantiles{12'300us, 20ms};
  stats.wires = {wire};
  return stats;
}

std::string text_after(std::initializer_list<RunStats> snapshots) {
  RunHistory history;
  std::string text;
  for (const RunStats& stats : snapshots) {
    history.add(stats);
    text = status_text(stats, history, Glyphs::ascii);
  }
  return text;
}

TEST(StatusTextTest, ShowsProgressAgeDropsAndSinks) {
  EXPECT_EQ(text_after({running(1s, 400), running(2s, 420)}),
            "edges 52%, 0:19 left, age 12.3 ms, 3 dropped | view 420, 20.0/s");
}

TEST(StatusTextTest, HasNoRateFromOneSnapshot) {
  EXPECT_EQ(text_after({running(1s, 400)}), "edges 50%, age 12.3 ms, 3 dropped | view 400");
}

TEST(StatusTextTest, TakesRatesFromTheLastSecondsOnly) {
  EXPECT_EQ(text_after({running(0s, 0), running(10s, 300), running(13s, 330)}),
            "edges 41%, 0:47 left, age 12.3 ms, 3 dropped | view 330, 10.0/s");
}

TEST(StatusTextTest, HasNoTimeLeftWhenNothingMoves) {
  EXPECT_EQ(text_after({running(1s, 400), running(2s, 400)}),
            "edges 50%, age 12.3 ms, 3 dropped | view 400, 0.00/s");
}

TEST(StatusTextTest, ShowsNoProgressOfACameraAndNoRateOfAFinishedSink) {
  RunStats stats = running(2s, 420);
  stats.blocks[0].progress_total = 0;
  stats.blocks[1].finished = true;
  stats.wires[0].age.reset();
  stats.wires[0].dropped.clear();
  EXPECT_EQ(text_after({running(1s, 400), stats}), "edges, 0 dropped | view 420");
}

TEST(StatusTextTest, BeginsAnewWhenAWorkerWasRestarted) {
  EXPECT_EQ(text_after({running(1s, 400), running(2s, 5)}),
            "edges 0%, age 12.3 ms, 3 dropped | view 5");
}

TEST(StatusTextTest, SurvivesAbsurdCounters) {
  RunStats stats = running(2s, 0);
  stats.blocks[0].progress_total = ~std::uint64_t{0};
  stats.blocks[0].progress_done = 1;
  EXPECT_EQ(text_after({running(1s, 0), stats}),
            "edges 0%, 720:00:00 left, age 12.3 ms, 3 dropped | view 0, 0.00/s");
  stats.blocks[0].progress_total = 1;
  stats.blocks[0].progress_done = ~std::uint64_t{0};
  EXPECT_EQ(text_after({stats}), "edges 100%, age 12.3 ms, 3 dropped | view 0");
}

/// Both ends of a pseudo terminal: what is written to `terminal` is what a person sees.
struct PseudoTerminal {
  explicit PseudoTerminal(unsigned short columns) {
    master = FileDescriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    EXPECT_EQ(::grantpt(master.get()), 0);
    EXPECT_EQ(::unlockpt(master.get()), 0);
    terminal = FileDescriptor(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
    termios settings{};
    ::tcgetattr(terminal.get(), &settings);
    settings.c_oflag &= ~static_cast<tcflag_t>(OPOST);
    ::tcsetattr(terminal.get(), TCSANOW, &settings);
    resize(columns);
  }
  void resize(unsigned short columns) const {
    winsize size{};
    size.ws_col = columns;
    size.ws_row = 24;
    ::ioctl(terminal.get(), TIOCSWINSZ, &size);
  }
  /// All that was written since the last call; waits for the first of it.
  std::string seen() const {
    std::string text;
    pollfd readable{master.get(), POLLIN, 0};
    ::poll(&readable, 1, 10'000);
    std::array<char, 4096> part;
    for (ssize_t size = 0; (size = ::read(master.get(), part.data(), part.size())) > 0;) {
      text.append(part.data(), static_cast<std::size_t>(size));
    }
    return text;
  }
  FileDescriptor master;
  FileDescriptor terminal;
};

TEST(StatusLineTest, RedrawsOneLineInPlace) {
  const PseudoTerminal screen(100);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::ascii);
  sut.show(running(1s, 400));
  EXPECT_EQ(screen.seen(), "\redges 50%, age 12.3 ms, 3 dropped | view 400\033[K");
  sut.show(running(2s, 420));
  EXPECT_EQ(screen.seen(),
            "\redges 52%, 0:19 left, age 12.3 ms, 3 dropped | view 420, 20.0/s\033[K");
  sut.finish();
  EXPECT_EQ(screen.seen(), "\r\033[K");
}

TEST(StatusLineTest, FitsTheWidthThatTheTerminalHasNow) {
  const PseudoTerminal screen(100);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::utf8);
  sut.show(running(1s, 400));
  screen.seen();
  screen.resize(20);
  sut.show(running(1s, 400));
  EXPECT_EQ(screen.seen(), "\redges 50%, age 12.…\033[K");
}

TEST(StatusLineTest, PrintsLogLinesAboveTheStatus) {
  const PseudoTerminal screen(12);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::ascii);
  sut.print_above("[view] first");
  EXPECT_EQ(screen.seen(), "[view] first\n");
  sut.show(running(1s, 400));
  EXPECT_EQ(screen.seen(), "\redges 50...\033[K");
  sut.print_above("[view] longer than the terminal is wide");
  EXPECT_EQ(screen.seen(), "\r\033[K[view] longer than the terminal is wide\nedges 50...");
}

TEST(StatusLineTest, KeepsTheCursorInItsLineWhateverABlockPrints) {
  const PseudoTerminal screen(80);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::ascii);
  sut.print_above("50%\r51%\b \033[2J\033[1;31mred\xff é");
  EXPECT_EQ(screen.seen(), "50%?51%? ?[2J\033[1;31mred? é\033[0m\n");
}

TEST(StatusLineTest, DoesNotWaitForAStoppedTerminal) {
  const PseudoTerminal screen(80);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::ascii);
  ASSERT_EQ(::tcflow(screen.terminal.get(), TCOOFF), 0);  // as Ctrl-S does
  for (int i = 0; i < 1000; ++i) sut.print_above("nobody reads this");
  sut.show(running(1s, 400));
  ASSERT_EQ(::tcflow(screen.terminal.get(), TCOON), 0);
  sut.print_above("here again");
  EXPECT_NE(screen.seen().find("(1000 lines left out here: nobody read them)\nhere again\n"),
            std::string::npos);
}

TEST(StatusLineTest, DoesNotWaitForATerminalWithoutAReader) {
  const PseudoTerminal screen(80);
  StatusLine sut(screen.terminal.get(), StatusMode::refreshed, Glyphs::ascii);
  // Uneven lengths: the last room that poll() sees is smaller than what is written.
  for (std::size_t i = 0; i < 400; ++i) sut.print_above(std::string(2500 + 7 * i % 1500, 'x'));
}

TEST(StatusLineTest, DoesNotWaitForAFullPipe) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  StatusLine sut(writer.get(), StatusMode::plain, Glyphs::ascii);
  const std::string line(10'000, 'x');  // more than PIPE_BUF: written in parts
  for (int i = 0; i < 200; ++i) sut.print_above(line);
  EXPECT_EQ(::fcntl(writer.get(), F_GETFL) & O_NONBLOCK, 0) << "the flag is shared with others";
}

/// Everything written to a pipe of plain lines.
template <typename Use>
std::string written(StatusMode mode, Use use) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor reader(ends[0]);
  FileDescriptor writer(ends[1]);
  {
    StatusLine sut(writer.get(), mode, Glyphs::ascii);
    use(sut);
  }
  writer.reset();
  std::string text;
  std::array<char, 4096> part;
  for (ssize_t size = 0; (size = ::read(reader.get(), part.data(), part.size())) > 0;) {
    text.append(part.data(), static_cast<std::size_t>(size));
  }
  return text;
}

TEST(StatusLineTest, WritesALineNowAndThenWhereThereIsNoTerminal) {
  const std::string text = written(StatusMode::plain, [](StatusLine& sut) {
    for (int second = 0; second <= 130; ++second)
      sut.show(running(std::chrono::seconds(second), 1));
  });
  EXPECT_EQ(text.find("edges 0%, age 12.3 ms, 3 dropped | view 1, 0.00/s\n"), 0U);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 13) << "5 s, 10 s, … 60 s, 120 s";
  EXPECT_EQ(text.find('\r'), std::string::npos);
  EXPECT_EQ(text.find('\033'), std::string::npos);
}

TEST(StatusLineTest, QuietShowsNoStatus) {
  const std::string text = written(StatusMode::quiet, [](StatusLine& sut) {
    for (int second = 0; second <= 130; ++second)
      sut.show(running(std::chrono::seconds(second), 1));
    sut.print_above("[view] error: no display");
  });
  EXPECT_EQ(text, "[view] error: no display\n");
}

TEST(StatusLineTest, RefreshesOnlyTerminalsThatCanErase) {
  const PseudoTerminal screen(80);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const FileDescriptor reader(ends[0]);
  const FileDescriptor writer(ends[1]);
  ::setenv("TERM", "xterm", 1);
  EXPECT_EQ(choose_status_mode(screen.terminal.get(), false), StatusMode::refreshed);
  EXPECT_EQ(choose_status_mode(screen.terminal.get(), true), StatusMode::quiet);
  EXPECT_EQ(choose_status_mode(writer.get(), false), StatusMode::plain);
  ::setenv("TERM", "dumb", 1);
  EXPECT_EQ(choose_status_mode(screen.terminal.get(), false), StatusMode::plain);
}

}  // namespace
}  // namespace vcengine
