/// What is known of a check after its process has ended, in whatever way.
#include <gtest/gtest.h>

#include "engine/conformance/check_runner.hpp"
#include "engine/conformance/progress.hpp"

namespace vcengine {
namespace {

constexpr std::chrono::seconds kTimeout{5};
const std::string kAnswer =
    "answer {\"status\":0,\"failures\":[],\"notes\":[\"well\"],\"reason\":\"\"}\n";

TEST(ProgressTest, NamesTheFrameOfTheLastStage) {
  const auto read = read_progress("at plain frames\n+\n+\nat pictures of 1x1\n+\n+\n+\n");
  EXPECT_EQ(read.place(), "at frame 3, pictures of 1x1");
  EXPECT_FALSE(read.answer);
}

TEST(ProgressTest, KnowsWhenNoFrameHadCome) {
  EXPECT_EQ(read_progress("").place(), "before the first frame");
  EXPECT_EQ(read_progress("at low = 0\n").place(), "before the first frame, low = 0");
}

TEST(ProgressTest, SeesWhatABlockWritesInBetween) {
  EXPECT_EQ(read_progress("+\nhello\n+\n" + kAnswer).rubbish, "hello");
  EXPECT_EQ(read_progress("+\n" + kAnswer + "hello").rubbish, "hello");
  EXPECT_EQ(read_progress("answer {\"status\":7}\n").rubbish, "answer {\"status\":7}");
  EXPECT_FALSE(read_progress("answer [1").answer);
}

TEST(CheckAnswerTest, IsTheChildsOwnIfItEndedWell) {
  ChildResult result;
  result.output = "+\n" + kAnswer;
  EXPECT_EQ(answer_of(result, kTimeout).status, CheckStatus::passed);
  EXPECT_EQ(answer_of(result, kTimeout).notes, std::vector<std::string>{"well"});
}

TEST(CheckAnswerTest, ComesBackAsItWas) {
  const CheckAnswer answer{.status = CheckStatus::failed,
                           .failures = {"a \"b\"", "c\nd"},
                           .notes = {"e"},
                           .reason = "f"};
  EXPECT_EQ(check_answer_from_json(to_json(answer)), answer);
}

struct Ending {
  ChildResult result;
  std::string words;
};

TEST(CheckAnswerTest, TellsEveryOtherEnding) {
  const Ending endings[] = {
      {{.signal = 11, .output = "+\n", .errors = "boom\n"},
       "crashed (SIGSEGV) at frame 1; the last lines it wrote:\n  boom"},
      {{.signal = 9, .timed_out = true, .output = "+\n+\n"},
       "hangs: no answer within 5 s at frame 2"},
      {{.exit_status = 3, .output = "at x\n"},
       "ended the process (exit status 3) before the first frame, x"},
      {{.exit_status = 0, .output = "+\n"}, "ended the process (exit status 0) at frame 1"},
      {{.output = "hello\n" + kAnswer}, "writes to descriptor 3, which it did not open: 'hello'"},
      {{.launch_error = "no memory"}, "could not be made: no memory"},
  };
  for (const auto& [result, words] : endings) {
    const auto answer = answer_of(result, kTimeout);
    EXPECT_EQ(answer.status, CheckStatus::failed);
    EXPECT_EQ(answer.failures, std::vector<std::string>{words});
  }
}

}  // namespace
}  // namespace vcengine
