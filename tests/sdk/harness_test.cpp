#include "vcengine/harness.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <stdexcept>

#include "tests/sdk/test_blocks.hpp"
#include "vcengine/image.hpp"

namespace vcengine {
namespace {

using std::chrono_literals::operator""ms;

std::string message_of(const std::function<void()>& act) {
  try {
    act();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}
#define EXPECT_SAYS(text, part) \
  EXPECT_NE(std::string(text).find(part), std::string::npos) << "it says: " << (text)

using Pairs = std::vector<std::pair<double, double>>;

TEST(HarnessTest, MatchesInsByExactStamp) {
  BlockHarness<Join> sut;
  sut.put<Number>("a", 1, 0ms);
  sut.put<Number>("a", 2, 40ms);
  EXPECT_FALSE(sut.step());
  sut.put<Number>("b", 20, 40ms);
  sut.put<Number>("b", 30, 41ms);
  EXPECT_TRUE(sut.step());
  EXPECT_FALSE(sut.step());
  EXPECT_EQ(sut.block().pairs, (Pairs{{2, 20}}));
  EXPECT_EQ(sut.dropped_unmatched("a"), 1U);
  EXPECT_EQ(sut.dropped_unmatched("b"), 0U) << "its partner may still come";
}

TEST(HarnessTest, MatchesEqualStampsInOrder) {
  BlockHarness<Join> sut;
  for (int i = 1; i <= 3; ++i) sut.put<Number>("a", i, 40ms);
  for (int i = 1; i <= 3; ++i) sut.put<Number>("b", 10 * i, 40ms);
  EXPECT_EQ(sut.run(), 3U);
  EXPECT_EQ(sut.block().pairs, (Pairs{{1, 10}, {2, 20}, {3, 30}}));
}

TEST(HarnessTest, ABranchThatSkipsFramesDoesNotStallTheOther) {
  BlockHarness<Join> sut;
  for (int i = 0; i < 60; ++i) {
    sut.put<Number>("a", i, i * 1ms);
    if (i % 10 == 9) sut.put<Number>("b", i, i * 1ms);
    sut.run();
  }
  EXPECT_EQ(sut.block().pairs.size(), 6U);
  EXPECT_EQ(sut.dropped_unmatched("a"), 54U);
}

TEST(HarnessTest, BranchesOfUnequalLengthEndTogether) {
  BlockHarness<Join> sut;
  for (int i = 0; i < 5; ++i) sut.put<Number>("a", i);
  for (int i = 0; i < 3; ++i) sut.put<Number>("b", i);
  sut.end("b");
  EXPECT_EQ(sut.run(), 3U);
  EXPECT_FALSE(sut.finished());
  sut.end("a");
  EXPECT_TRUE(sut.finished());
  EXPECT_EQ(sut.dropped_unmatched("a"), 2U);
}

TEST(HarnessTest, AskingWhetherItHasFinishedCostsNoFrame) {
  BlockHarness<Sieve> sut;
  sut.put<Number>("in", 1);
  sut.step();
  sut.put<Number>("in", 2);
  sut.put<Number>("in", 3);
  EXPECT_FALSE(sut.finished());
  EXPECT_EQ(sut.run(), 2U);
}

struct Gain final : Block {
  In<Number> in{this, "in"};
  Latest<Number> gain{this, "gain"};
  Out<Number> out{this, "out"};
  bool insists = false;
  void process() override { out.publish(*in * (insists ? *gain : gain.value_or(1))); }
};

TEST(HarnessTest, ALatestIsReadAtItsNewestValueAndNeverTriggers) {
  BlockHarness<Gain> sut;
  sut.put<Number>("in", 5);
  ASSERT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("out"), 5) << "never written";
  sut.put<Number>("gain", 2);
  sut.put<Number>("gain", 3);
  EXPECT_FALSE(sut.step());
  sut.put<Number>("in", 5);
  sut.put<Number>("in", 6);
  EXPECT_EQ(sut.run(), 2U);
  EXPECT_EQ(**sut.take<Number>("out"), 15);
  EXPECT_EQ(**sut.take<Number>("out"), 18) << "the value stays";
  sut.end("in");
  EXPECT_TRUE(sut.finished()) << "a Latest does not count";
}

TEST(HarnessTest, ReadingALatestThatWasNeverWrittenSaysSo) {
  BlockHarness<Gain> sut;
  sut.block().insists = true;
  sut.put<Number>("in", 5);
  EXPECT_SAYS(message_of([&] { sut.step(); }), "input 'gain' has no frame yet");
}

struct Masked final : Block {
  In<Number> in{this, "in"};
  Optional<In<Number>> mask{this, "mask"};
  Out<Number> out{this, "out"};
  void process() override { out.publish(mask ? *in * *mask : -1); }
};

TEST(HarnessTest, AnOptionalInMayStayUnwired) {
  BlockHarness<Masked> wired, sut;
  sut.leave_unwired("mask");
  sut.put<Number>("in", 5);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("out"), -1);
  wired.put<Number>("in", 5);
  EXPECT_FALSE(wired.step());
  wired.put<Number>("mask", 2);
  EXPECT_TRUE(wired.step());
  EXPECT_EQ(**wired.take<Number>("out"), 10);
}

struct Sum final : Block {
  Inputs<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  void process() override {
    double sum = 0;
    for (std::size_t i = 0; i < in.size(); ++i) sum += *in[i];
    out.publish(sum);
  }
};

TEST(HarnessTest, InputsAreAnyNumberMatchedTogether) {
  BlockHarness<Sum> two, three;
  two.put<Number>("in[0]", 1);
  EXPECT_FALSE(two.step());
  two.put<Number>("in[1]", 2);
  EXPECT_TRUE(two.step());
  EXPECT_EQ(**two.take<Number>("out"), 3);
  three.set_count("in", 3);
  for (int i = 0; i < 3; ++i) three.put<Number>("in[" + std::to_string(i) + "]", i);
  EXPECT_TRUE(three.step());
  EXPECT_EQ(**three.take<Number>("out"), 3);
}

struct Moody final : Block {
  In<Number> in{this, "in"};
  Out<Number> out{this, "out"};
  void process() override {
    if (*in == 2) throw std::runtime_error("not two");
    out.publish(*in);
  }
};

TEST(HarnessTest, AnExceptionCostsItsFrameAndNoOther) {
  BlockHarness<Moody> sut;
  for (int i = 1; i <= 3; ++i) sut.put<Number>("in", i);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(message_of([&] { sut.step(); }), "not two");
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("out"), 1);
  EXPECT_EQ(**sut.take<Number>("out"), 3);
  EXPECT_FALSE(sut.take<Number>("out"));
}

TEST(HarnessTest, StampAndBornAreInheritedFromTheTrigger) {
  BlockHarness<Moody> sut;
  sut.put<Number>("in", 1, 120ms);
  sut.step();
  const auto frame = sut.take<Number>("out");
  EXPECT_EQ(frame->stamp(), 120ms);
  EXPECT_EQ(frame->header().cause, 1U);
  EXPECT_GT(frame->header().born, Born{0});
}

struct Clockwork final : Block {
  Out<Number> out{this, "out"};
  std::deque<Stamp> stamps;
  void process() override {
    if (stamps.empty()) return finish();
    set_stamp(stamps.front());
    stamps.pop_front();
    out.publish(1);
  }
};

TEST(HarnessTest, StampsThatGoBackAreRefused) {
  BlockHarness<Clockwork> sut;
  sut.block().stamps = {40ms, 50ms, 20ms, 80ms};
  EXPECT_TRUE(sut.step());
  EXPECT_TRUE(sut.step());
  EXPECT_SAYS(message_of([&] { sut.step(); }), "output 'out': stamps must not go back");
  EXPECT_TRUE(sut.step());
  std::size_t frames = 0;
  while (sut.take<Number>("out")) ++frames;
  EXPECT_EQ(frames, 3U);
}

TEST(HarnessTest, AStampThatASourceHasFinishedDoesNotComeAgain) {
  BlockHarness<Clockwork> sut;
  sut.block().stamps = {40ms, 40ms, 80ms};
  EXPECT_TRUE(sut.step());
  EXPECT_SAYS(message_of([&] { sut.step(); }), "must grow from one process() to the next");
  EXPECT_TRUE(sut.step());
}

TEST(HarnessTest, ANegativeStampIsRefused) {
  BlockHarness<Clockwork> sut;
  sut.block().stamps = {-1ms};
  EXPECT_SAYS(message_of([&] { sut.step(); }), "output 'out'");
}

TEST(HarnessTest, ASourceFinishesAndIsDrainedOnce) {
  struct Source final : Block {
    Out<Number> out{this, "out"};
    std::vector<std::string> calls;
    void start() override { calls.push_back("start"); }
    void process() override {
      calls.push_back("process");
      finish();
    }
    void drain() override {
      calls.push_back("drain");
      out.publish(7);
    }
    void stop() override { calls.push_back("stop"); }
  };
  BlockHarness<Source> sut;
  EXPECT_EQ(sut.run(), 1U);
  EXPECT_TRUE(sut.finished());
  sut.stop();
  sut.stop();
  EXPECT_EQ(sut.block().calls, (std::vector<std::string>{"start", "process", "drain", "stop"}));
  EXPECT_EQ(**sut.take<Number>("out"), 7);
}

TEST(HarnessTest, AnExceptionWhileStoppingDoesNotEndTheTestProgram) {
  struct Stubborn final : Block {
    Out<Number> out{this, "out"};
    void process() override {}
    void stop() override { throw std::runtime_error("will not"); }
  };
  BlockHarness<Stubborn> sut;
  sut.step();
}

// Pictures and their memory.

struct Painter final : Block {
  enum class Mood { paint, drop, reallocate, too_many, keep_one };
  In<Number> in{this, "in"};
  Out<Gray8> out{this, "out"};
  Mood mood = Mood::paint;
  std::vector<Loan<Gray8>> kept;

  void process() override {
    auto picture = out.loan(cv::Size(8, 4));
    picture->setTo(*in);
    switch (mood) {
      case Mood::drop:
        return;
      case Mood::reallocate:
        cv::Mat(5, 5, CV_8UC1, cv::Scalar(1)).copyTo(*picture);
        break;
      case Mood::too_many:
        for (int i = 0; i < 10; ++i) kept.push_back(out.loan(cv::Size(8, 4)));
        break;
      case Mood::keep_one:
        kept.push_back(out.loan(cv::Size(8, 4)));
        return;
      case Mood::paint:
        break;
    }
    std::move(picture).publish();
  }
};

TEST(HarnessTest, ALoanThatIsDroppedPublishesNothing) {
  BlockHarness<Painter> sut;
  sut.block().mood = Painter::Mood::drop;
  for (int i = 0; i < 50; ++i) {
    sut.put<Number>("in", i);
    EXPECT_TRUE(sut.step());
  }
  EXPECT_FALSE(sut.take<Gray8>("out"));
  sut.block().mood = Painter::Mood::paint;
  sut.put<Number>("in", 9);
  EXPECT_TRUE(sut.step());
  const auto picture = sut.take<Gray8>("out");
  EXPECT_EQ((*picture)->at<uchar>(3, 7), 9);
  EXPECT_EQ((*picture)->size(), cv::Size(8, 4));
}

TEST(HarnessTest, AReallocatedPictureIsRefusedInsteadOfSendingStalePixels) {
  BlockHarness<Painter> sut;
  sut.block().mood = Painter::Mood::reallocate;
  sut.put<Number>("in", 1);
  EXPECT_SAYS(message_of([&] { sut.step(); }),
              "the loaned picture was reallocated (wanted 8x4 image 8UC1, is now 5x5 image 8UC1)");
  EXPECT_FALSE(sut.take<Gray8>("out"));
}

TEST(HarnessTest, MoreLoansAtOnceThanAnOutputLendsAreRefusedAndNotWaitedFor) {
  BlockHarness<Painter> sut;
  sut.block().mood = Painter::Mood::too_many;
  sut.put<Number>("in", 1);
  EXPECT_SAYS(message_of([&] { sut.step(); }), "output 'out' lends 2 frames at once and no more");
  sut.block().kept.clear();
  sut.block().mood = Painter::Mood::paint;
  sut.put<Number>("in", 2);
  EXPECT_TRUE(sut.step()) << "they were given back";
}

TEST(HarnessTest, ALoanMayBeKeptUntilTheBlockIsGone) {
  BlockHarness<Painter> sut;
  sut.block().mood = Painter::Mood::keep_one;
  sut.put<Number>("in", 1);
  EXPECT_TRUE(sut.step());
}

struct Difference final : Block {
  In<Gray8> image{this, "image"};
  Out<Number> out{this, "out"};
  cv::Mat prev_;
  void process() override {
    if (!prev_.empty()) out.publish(image->at<uchar>(0) * 1000.0 + prev_.at<uchar>(0));
    prev_ = *image;
  }
};

TEST(HarnessTest, KeepingTheFrameBeforeIsSafeForAsLongAsTheBlockLikes) {
  BlockHarness<Difference> sut;
  for (int i = 0; i < 500; ++i) {
    sut.put<Gray8>("image", cv::Mat(16, 16, CV_8UC1, cv::Scalar(i % 256)));
    ASSERT_TRUE(sut.step());
    if (i == 0) continue;
    EXPECT_EQ(**sut.take<Number>("out"), i % 256 * 1000.0 + (i - 1) % 256);
  }
}  // and the block is destructed with a frame in its hands

struct Hoarder final : Block {
  In<Gray8> image{this, "image"};
  std::vector<cv::Mat> kept;
  void process() override { kept.push_back(*image); }
};

TEST(HarnessTest, KeepingMoreFramesThanTheWireAllowsNamesTheInput) {
  BlockHarness<Hoarder> sut;
  const auto put = [&] { sut.put<Gray8>("image", cv::Mat(4, 4, CV_8UC1, cv::Scalar(1))); };
  for (int i = 0; i < 4; ++i) {
    put();
    EXPECT_TRUE(sut.step());
  }
  put();
  EXPECT_THROW(sut.step(), TooManyHeld);
  EXPECT_SAYS(message_of([&] { sut.step(); }), "too many frames of input 'image'");
  sut.block().kept.erase(sut.block().kept.begin());
  EXPECT_TRUE(sut.step());
}

TEST(HarnessTest, ATakenFrameMayOutliveTheHarness) {
  std::optional<Taken<Gray8>> picture;
  {
    BlockHarness<Painter> sut;
    sut.put<Number>("in", 77);
    sut.step();
    picture = sut.take<Gray8>("out");
  }
  EXPECT_EQ((*picture)->at<uchar>(0), 77);
}

struct Pass final : Block {
  In<Any> in{this, "in"};
  Out<SameAs> out{this, "out", {"in"}};
  void process() override { out.publish(in); }
};

TEST(HarnessTest, AFrameIsForwardedAsItIs) {
  BlockHarness<Pass> sut;
  sut.put<Text>("in", "hello", 5ms);
  sut.put<Gray8>("in", cv::Mat(2, 3, CV_8UC1, cv::Scalar(9)), 6ms);
  EXPECT_EQ(sut.run(), 2U);
  const auto text = sut.take<Text>("out");
  EXPECT_EQ(**text, "hello");
  EXPECT_EQ(text->stamp(), 5ms);
  const auto picture = sut.take<Gray8>("out");
  EXPECT_EQ((*picture)->at<uchar>(1, 2), 9);
}

struct Firehose final : Block {
  Out<Bytes> out{this, "out"};
  std::size_t size = (std::size_t{64} << 20) + 1;
  void process() override { out.publish(std::vector<std::byte>(size)); }
};

TEST(HarnessTest, AFrameThatIsTooLargeNamesTheSizeNeeded) {
  BlockHarness<Firehose> sut;
  const auto said = message_of([&] { sut.step(); });
  EXPECT_SAYS(said, "a frame of 67108865 bytes does not fit output 'out'");
  EXPECT_SAYS(said, "capacity: 65MiB");
  sut.block().size -= 1;
  EXPECT_TRUE(sut.step()) << "exactly full is fine";
}

TEST(HarnessTest, AFrameOfAWrongTypeNeverReachesTheBlock) {
  BlockHarness<Difference> sut;
  sut.put<Bgr8>("image", cv::Mat(4, 4, CV_8UC3));
  EXPECT_FALSE(sut.step());
}

// Settings.

TEST(HarnessTest, ASettingOutOfRangeIsRefusedWithItsRange) {
  struct Bounded final : Block {
    Param<int> low{this, "low", {.min = 0, .max = 10, .init = 3}, "Below this is never an edge"};
    Out<Number> out{this, "out"};
    void process() override { out.publish(low.get()); }
  };
  BlockHarness<Bounded> sut;
  EXPECT_EQ(message_of([&] { sut.set("low", 11); }),
            "'low' must be in [0, 10], not 11 (Below this is never an edge)");
  EXPECT_THROW(sut.set("lwo", 1), ParamError);
  sut.step();
  EXPECT_EQ(**sut.take<Number>("out"), 3) << "the old value stays";
  sut.set("low", 10);
  sut.step();
  EXPECT_EQ(**sut.take<Number>("out"), 10);
}

struct Merge final : Block {
  Param<int> inputs{this, "inputs", {.min = 1, .max = 9, .init = 1}, "How many"};
  Out<Number> out{this, "out"};
  std::vector<In<Number>*> in;
  void declare(Setup& setup) override {
    for (int i = 0; i < inputs; ++i)
      in.push_back(&setup.add<In<Number>>("in_" + std::to_string(i)));
  }
  void process() override {
    double sum = 0;
    for (const auto* port : in) sum += **port;
    out.publish(sum);
  }
};

TEST(HarnessTest, PortsMayDependOnSettings) {
  BlockHarness<Merge> sut;
  sut.set("inputs", 3);
  for (int i = 0; i < 3; ++i) sut.put<Number>("in_" + std::to_string(i), i + 1);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("out"), 6);
  EXPECT_THROW(sut.put<Number>("in_3", 1), std::logic_error);
}

struct Point {
  float x;
  std::int32_t count;
};

}  // namespace

template <>
struct Record<Point> {
  static constexpr std::string_view name = "point";
  static auto fields() { return std::vector{field("x", &Point::x), field("count", &Point::count)}; }
};

namespace {

struct Records final : Block {
  In<Point> in{this, "in"};
  In<Array<float>> values{this, "values"};
  Out<Point> out{this, "out"};
  void process() override {
    out.publish(
        Point{in->x + values->back(), in->count + static_cast<std::int32_t>(values->size())});
  }
};

TEST(HarnessTest, RecordsAndArraysTravelAsTheyAre) {
  BlockHarness<Records> sut;
  sut.put<Point>("in", Point{1.5F, 2});
  sut.put<Array<float>>("values", std::vector<float>{1, 2, 3});
  EXPECT_TRUE(sut.step());
  const auto point = sut.take<Point>("out");
  EXPECT_EQ((*point)->x, 4.5F);
  EXPECT_EQ((*point)->count, 5);
  EXPECT_EQ(sut.block().in.info().fields[1],
            (FieldInfo{.name = "count", .type = "i32", .offset = 4}));
}

struct Band final : Block {
  In<Number> in{this, "in"};
  Out<Number> width{this, "width"};
  Param<int> low{this, "low", {.min = 0, .max = 9, .init = 2}, "Lower end"};
  Param<int> high{this, "high", {.min = 0, .max = 9, .init = 7}, "Upper end"};
  void check() override {
    if (low > high) throw ParamError("'low' must not be above 'high'");
  }
  void process() override { width.publish(high - low); }
};

TEST(HarnessTest, SettingsThatDoNotGoTogetherAreRefusedWhileItRunsAndKeepTheirValues) {
  BlockHarness<Band> sut;
  sut.start();
  EXPECT_SAYS(message_of([&] { sut.set("low", 8); }), "'low' must not be above 'high'");
  EXPECT_SAYS(message_of([&] { sut.set("low", 10); }), "[0, 9]");
  EXPECT_EQ(sut.block().low, 2);
  sut.set("high", 9).set("low", 8);
  sut.put<Number>("in", 0);
  EXPECT_TRUE(sut.step());
  EXPECT_EQ(**sut.take<Number>("width"), 1);
}

TEST(HarnessTest, SettingsAreLookedAtTogetherBeforeTheStart) {
  BlockHarness<Band> good;
  good.set("low", 8).set("high", 9);
  good.start();
  BlockHarness<Band> bad;
  bad.set("low", 8);
  EXPECT_SAYS(message_of([&] { bad.start(); }), "'low' must not be above 'high'");
}

}  // namespace
}  // namespace vcengine
