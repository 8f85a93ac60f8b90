/// The manual page and the completions say what `vcengine --help` says.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>

#include "tests/install/installed.hpp"
#include "tests/processes/support/control.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

namespace {

std::set<std::string> matches(const std::string& text, const char* expression) {
  const std::regex regex(expression);
  std::set<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), regex), end; match != end; ++match) {
    found.insert(match->str(1));
  }
  return found;
}

std::set<std::string> options(const std::string& text) {
  return matches(text, "(?:^|[\\s,])(--[a-z][a-z-]*)");
}

bool holds(const std::vector<std::string>& list, const std::string& word) {
  return std::ranges::find(list, word) != list.end();
}

}  // namespace

class HelpTest : public InstalledTest {
 protected:
  const fs::path prefix_ = VCENGINE_TEST_PREFIX;

  /// Of the host itself: "".
  std::string help(const std::string& command) const {
    std::vector<std::string> argv{"vcengine"};
    if (!command.empty()) argv.push_back(command);
    argv.emplace_back("--help");
    return output_of(with(prefix_, argv));
  }

  std::string man_page() const {
    const auto roff = read_file(prefix_ / "share/man/man1/vcengine.1");
    EXPECT_NE("", roff);
    return std::regex_replace(roff, std::regex("\\\\-"), "-");
  }

  /// What bash offers when the tab key is hit behind these words.
  std::vector<std::string> completions(const std::vector<std::string>& words) const {
    std::vector<std::string> argv{
        "bash", "-c",
        "compopt() { :; }; . \"$0\"; COMP_WORDS=(vcengine \"$@\"); COMP_CWORD=$#; _vcengine; "
        "printf '%s\\n' \"${COMPREPLY[@]}\"",
        (prefix_ / "share/bash-completion/completions/vcengine").string()};
    argv.insert(argv.end(), words.begin(), words.end());
    return lines_of(output_of(with(prefix_, argv)));
  }
};

TEST_F(HelpTest, EveryOptionIsInTheManPageAndNoOther) {
  std::set<std::string> of_help;
  for (const auto* command : {"", "check", "debug", "inspect", "rerun"})
    of_help.merge(options(help(command)));
  EXPECT_LT(8U, of_help.size());
  EXPECT_EQ(of_help, options(man_page()));
}

TEST_F(HelpTest, EveryCommandIsInTheManPage) {
  const auto commands = matches(help(""), "\n  vcengine ([a-z]+) ");
  EXPECT_TRUE(commands.contains("inspect"));
  for (const auto& command : commands) {
    EXPECT_TRUE(std::regex_search(man_page(), std::regex("\n\\.B[RI]* " + command + "\\\\~")))
        << command;
  }
}

TEST_F(HelpTest, EveryExitStatusIsInTheManPage) {
  const auto text = help("");
  const auto statuses = text.substr(text.find("Exit status:"), text.find("Plugins are"));
  const auto numbers = matches(statuses, "\\s(\\d+)\\s");
  EXPECT_EQ((std::set<std::string>{"0", "1", "2", "3", "130", "143"}), numbers);
  for (const auto& number : numbers) {
    EXPECT_TRUE(contains(man_page(), "\n.B " + number + "\n"));
  }
}

TEST_F(HelpTest, EveryOptionCompletes) {
  for (const std::string command : {"", "check", "debug", "inspect"}) {
    const auto offered = completions(command.empty() ? std::vector<std::string>{"--"}
                                                     : std::vector<std::string>{command, "--"});
    for (const auto& option : options(help(command))) {
      EXPECT_TRUE(holds(offered, option)) << command << " " << option;
    }
  }
}

TEST_F(HelpTest, CommandsAndCircuitFilesComplete) {
  circuit("circuit: a\n", "mine.yaml");
  const auto offered = completions({""});
  for (const auto* word : {"check", "inspect", "mine.yaml"}) EXPECT_TRUE(holds(offered, word));
  EXPECT_EQ(std::vector<std::string>{"mine.yaml"}, completions({"check", "mi"}));
}

TEST_F(HelpTest, AToolOnThePathCompletesWithItsOptions) {
  const auto tool = folder() / "bin/vcengine-measure";
  fs::create_directories(tool.parent_path());
  std::ofstream(tool) << "#!/bin/sh\necho '  --deep      Measures more'\n";
  fs::permissions(tool, fs::perms::owner_all);
  const auto offered = [&](const std::string& words) {
    auto command = with(prefix_, {});
    command.argv = {"env",
                    "PATH=" + tool.parent_path().string() + ":" + *command.environment.at("PATH"),
                    "bash", "-c", (prefix_ / "lib/vcengine/complete").string() + " " + words};
    return output_of(command);
  };
  EXPECT_TRUE(contains(offered("me"), "measure\n"));
  EXPECT_TRUE(contains(offered("measure -"), "--deep\tMeasures more\n"));
}

TEST_F(HelpTest, BlockTypesComplete) {
  EXPECT_EQ(std::vector<std::string>{"io.test_pattern"}, completions({"inspect", "io.te"}));
}

TEST_F(HelpTest, BlocksOfTheCircuitComplete) {
  const auto file = circuit(
      "blocks:\n"
      "  pattern: {type: io.test_pattern}\n"
      "  times: {type: core.scale}\n");
  EXPECT_EQ((std::vector<std::string>{"pattern", "times"}), completions({"debug", file, ""}));
  EXPECT_EQ(std::vector<std::string>{"times"}, completions({"debug", file, "--for", "2s", "t"}));
}

TEST_F(HelpTest, SettingsOfTheCircuitComplete) {
  const auto file = circuit(
      "blocks:\n"
      "  pattern: {type: io.test_pattern}\n"
      "  times:\n"
      "    type: core.scale\n");
  EXPECT_EQ((std::vector<std::string>{"pattern.", "times."}), completions({file, "--set", ""}));
  EXPECT_EQ(std::vector<std::string>{"pattern.width="}, completions({file, "--set", "pattern.wi"}));
  EXPECT_TRUE(holds(completions({file, "--set", "times."}), "times.factor="));
}

TEST_F(HelpTest, RunningCircuitsTheirBlocksAndSettingsComplete) {
  const auto file = circuit(
      "circuit: live\n"
      "blocks:\n"
      "  count: {type: core.counter, rate: 10}\n"
      "  times: {type: core.scale}\n"
      "  sink: {type: core.null}\n"
      "wires: [count.number -> times.in, times.out -> sink.in]\n");
  const std::vector<std::string> nothing{""};  // printf prints its end of line all the same
  EXPECT_EQ(nothing, completions({"set", ""})) << "nothing runs";
  Process running(with(prefix_, {"vcengine", file}));
  auto client = client_of(folder());
  ASSERT_TRUE(eventually([&] {
    return text_of(client.ask({{"op", "status"}}), "state") == "running";
  }));
  EXPECT_EQ((std::vector<std::string>{"count", "sink", "times"}), completions({"pause", ""}));
  EXPECT_EQ((std::vector<std::string>{"count.", "sink.", "times."}), completions({"set", ""}));
  EXPECT_EQ(std::vector<std::string>{"times.factor="}, completions({"set", "times.fac"}));
  EXPECT_EQ(std::vector<std::string>{"count.step="},
            completions({"set", "-c", "live", "times.factor=2", "count.st"}));
  EXPECT_EQ(std::vector<std::string>{"times.factor"}, completions({"get", "times.fac"}));
  EXPECT_EQ(std::vector<std::string>{"live"}, completions({"stop", "-c", "li"}));
  EXPECT_EQ(std::vector<std::string>{"warning"}, completions({"log-level", "times", "w"}));
  EXPECT_EQ(nothing, completions({"pause", "-c", "other", ""}));
  client.ask({{"op", "stop"}});
  EXPECT_EQ(0, running.wait()) << running.errors();
}

}  // namespace vcengine::test
