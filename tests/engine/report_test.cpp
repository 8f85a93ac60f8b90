#include "engine/show/report.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "engine/control/report_json.hpp"

namespace vcengine {
namespace {

using namespace std::chrono_literals;

RunStats edges() {
  RunStats stats;
  stats.circuit = "edges";
  stats.running = 3420ms;
  BlockStats camera;
  camera.name = "camera";
  camera.type = "io.video_file";
  camera.is_source = true;
  camera.finished = true;
  camera.frames = 795;
  camera.process_time = Quantiles{812us, 1234us};
  camera.progress_done = 795;
  camera.progress_total = 795;
  BlockStats view;
  view.name = "view";
  view.type = "io.screen";
  view.is_sink = true;
  view.frames = 700;
  view.exceptions = 2;
  stats.blocks = {camera, view};
  WireStats wire;
  wire.from = "camera.frames";
  wire.to = "view.image";
  wire.policy = "drop_oldest";
  wire.depth = 2;
  wire.published = 795;
  wire.taken = 700;
  wire.dropped = {{"superseded", 90}, {"unmatched", 4}};
  wire.in_flight = 1;
  wire.age = Quantiles{12340us, 1500ms};
  wire.stamp = 31760ms;
  wire.born = 5000ms;
  stats.wires = {wire};
  return stats;
}

TEST(ReportTest, ShowsBlocksAndWiresInAlignedTables) {
  EXPECT_EQ(
      report(edges(), Glyphs::ascii),
      "edges ran for 3.42 s\n"
      "\n"
      "block   type           frames  process p50      p99  exceptions\n"
      "camera  io.video_file     795       812 us  1.23 ms           0\n"
      "view    io.screen         700            -        -           2\n"
      "\n"
      "wire                         policy         published  taken                     dropped"
      "  in flight     stamp  age p50     p99\n"
      "camera.frames -> view.image  drop_oldest 2        795    700  90 superseded, 4 unmatched"
      "          1  31.760 s  12.3 ms  1.50 s\n");
}

TEST(ReportTest, SaysWhatOnlyLiveSourcesAndPartialJoinsCount) {
  auto stats = edges();
  stats.blocks[0].busy = 12;
  stats.blocks[1].partial = 3;
  const auto text = report(stats, Glyphs::ascii);
  EXPECT_NE(text.find("exceptions  busy  partial\n"), std::string::npos) << text;
  EXPECT_NE(text.find("          0    12        0\n"), std::string::npos) << text;
  EXPECT_NE(text.find("          2     0        3\n"), std::string::npos) << text;
}

TEST(ReportTest, AlignsGlyphsOfSeveralBytes) {
  const std::string text = report(edges(), Glyphs::utf8);
  EXPECT_NE(text.find("camera  io.video_file     795       812 µs  1.23 ms           0\n"),
            std::string::npos);
  EXPECT_NE(text.find("camera.frames → view.image  drop_oldest 2        795"), std::string::npos);
}

TEST(ReportTest, LeavesOutEmptyTables) {
  RunStats nothing;
  nothing.circuit = "hello";
  EXPECT_EQ(report(nothing, Glyphs::ascii), "hello ran for 0 ns\n");
}

TEST(ReportTest, ShowsNoFiguresOfPagesThatWereWrittenOver) {
  auto stats = edges();
  stats.blocks[1].damaged = true;
  stats.wires[0].damaged = true;
  const auto text = report(stats, Glyphs::ascii);
  EXPECT_NE(text.find("view    io.screen           ?            ?        ?           ?\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("superseded"), std::string::npos) << text;
}

TEST(ReportJsonTest, HasTheDocumentedKeys) {
  EXPECT_EQ(
      report_json(edges()),
      R"({"circuit":"edges","running_ns":3420000000,)"
      R"("blocks":[{"name":"camera","type":"io.video_file","source":true,"sink":false,)"
      R"("finished":true,"damaged":false,"frames":795,"exceptions":0,"busy":0,"partial":0,)"
      R"("process_ns":{"p50":812000,"p99":1234000},"progress":{"done":795,"total":795}},)"
      R"({"name":"view","type":"io.screen","source":false,"sink":true,)"
      R"("finished":false,"damaged":false,"frames":700,"exceptions":2,"busy":0,"partial":0,)"
      R"("process_ns":null,"progress":null}],)"
      R"("wires":[{"from":"camera.frames","to":"view.image","policy":"drop_oldest","depth":2,)"
      R"("damaged":false,"published":795,"taken":700,"dropped":{"superseded":90,"unmatched":4},"in_flight":1,)"
      R"("age_ns":{"p50":12340000,"p99":1500000000},"stamp_ns":31760000000,)"
      R"("born_ns":5000000000}]})");
}

TEST(ReportJsonTest, KeepsEmptyListsAndQuotes) {
  RunStats stats;
  stats.circuit = "say \"hi\"";
  EXPECT_EQ(report_json(stats),
            R"({"circuit":"say \"hi\"","running_ns":0,"blocks":[],"wires":[]})");
}

TEST(HumanUnitsTest, ShowsDurationsInThreeDigits) {
  const auto text = [](std::chrono::nanoseconds d) { return format_duration(d, Glyphs::ascii); };
  EXPECT_EQ(text(0ns), "0 ns");
  EXPECT_EQ(text(999ns), "999 ns");
  EXPECT_EQ(text(1000ns), "1.00 us");
  EXPECT_EQ(text(9994ns), "9.99 us");
  EXPECT_EQ(text(9996ns), "10.0 us");
  EXPECT_EQ(text(99960ns), "100 us");
  EXPECT_EQ(text(999'600ns), "1.00 ms");
  EXPECT_EQ(text(42ms), "42.0 ms");
  EXPECT_EQ(text(42s), "42.0 s");
  EXPECT_EQ(text(99'960ms), "1 min 40 s");
  EXPECT_EQ(text(2h + 5min), "2 h 5 min");
  EXPECT_EQ(text(-5ms), "0 ns");
  EXPECT_EQ(text(std::chrono::nanoseconds::min()), "0 ns");
}

TEST(HumanUnitsTest, RoundsClocksUp) {
  EXPECT_EQ(format_clock(0ns), "0:00");
  EXPECT_EQ(format_clock(1ms), "0:01");
  EXPECT_EQ(format_clock(61s), "1:01");
  EXPECT_EQ(format_clock(1h + 2min + 3s), "1:02:03");
  EXPECT_EQ(format_clock(-1s), "0:00");
}

TEST(HumanUnitsTest, ShowsRatesInThreeDigits) {
  EXPECT_EQ(format_rate(0), "0.00/s");
  EXPECT_EQ(format_rate(24.83), "24.8/s");
  EXPECT_EQ(format_rate(1234.5), "1234/s");
}

TEST(HumanUnitsTest, TakesGlyphsFromTheFirstVariableThatIsSet) {
  ::setenv("LANG", "C.UTF-8", 1);
  ::unsetenv("LC_CTYPE");
  ::setenv("LC_ALL", "", 1);  // set, but empty: as if it were not
  EXPECT_EQ(glyphs_of_environment(), Glyphs::utf8);
  ::setenv("LC_ALL", "C", 1);
  EXPECT_EQ(glyphs_of_environment(), Glyphs::ascii);
  ::setenv("LC_ALL", "en_GB.utf8", 1);
  EXPECT_EQ(glyphs_of_environment(), Glyphs::utf8);
}

}  // namespace
}  // namespace vcengine
