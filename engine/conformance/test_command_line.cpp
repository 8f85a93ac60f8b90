#include "engine/conformance/test_command_line.hpp"

#include <CLI/CLI.hpp>

#include "engine/conformance/checks.hpp"
#include "vcengine/description.hpp"

namespace vcengine {

namespace {

constexpr const char* kAbout =
    "Makes the standard checks that any block must survive, each in a process of its own, so that\n"
    "a crash or hang is one failed check.\n\n"
    "  vcengine test my_block.so\n"
    "  vcengine test build/plugins --junit report.xml\n"
    "  vcengine test player.so --set path=sample.avi";

std::string footer() {
  std::string text = "A block passes a check if it …\n";
  for (const auto& check : all_checks()) {
    std::string name(check.name);
    name.resize(13, ' ');
    text += "  " + name + std::string(check.about) + (check.on_demand ? " (with --valgrind)" : "") +
            '\n';
  }
  return text +
         "An exception is no failure where a frame is strange: it costs that frame, and is noted.\n"
         "A block that does not start without a file or device is skipped: give it one by --set.\n"
         "Exit status: 0 all passed (or were skipped), 3 a check failed, 2 bad command line or no\n"
         "plugin, 1 anything else.";
}

std::string check_duration(const std::string& text) {
  const auto duration = parse_duration(text);
  return duration && *duration >= 1'000'000 ? ""
                                            : "'" + text + "' is no duration: write 10s, 500ms";
}

std::string check_name(const std::string& text) {
  if (find_check(text) != nullptr) return "";
  std::string names;
  for (const auto& check : all_checks()) {
    names += (names.empty() ? "" : ", ") + std::string(check.name);
  }
  return "there is no check '" + text + "', only " + names;
}

}  // namespace

std::variant<TestCommand, PrintedText> parse_test_command(int argc, const char* const* argv) {
  TestCommand command;
  std::string timeout;
  CLI::App app(kAbout, "vcengine test");
  app.footer(footer());
  app.add_option("what", command.what, "Plugins, or folders of them")->type_name("FILE|FOLDER");
  app.add_option("--set", command.settings,
                 "A setting to test with, of all types that have it or of one (may be repeated)")
      ->type_name("[TYPE.]NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--folder", command.folder,
                 "Where relative paths in --set start (default: the current folder)")
      ->type_name("DIR");
  app.add_option("--only", command.checks, "Make this check only (may be repeated)")
      ->type_name("NAME")
      ->allow_extra_args(false)
      ->check(CLI::Validator(check_name, ""));
  app.add_option("--frames", command.frames, "Length of the stream in which growth is looked for")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{40}, std::size_t{10'000'000}))
      ->capture_default_str();
  app.add_option("--timeout", timeout, "Time that each check may take (default: 60s)")
      ->type_name("TIME")
      ->check(CLI::Validator(check_duration, ""));
  app.add_option("--at-once", command.at_once, "Block types that are tested at a time")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{256}))
      ->capture_default_str();
  app.add_flag("--valgrind", command.valgrind, "Also run a short stream under valgrind");
  app.add_flag("--strict", command.strict, "A check that is skipped has failed");
  app.add_option("--junit", command.junit, "Also write the results as JUnit's XML")
      ->type_name("FILE");
  app.add_flag("--list", command.list, "List the checks");
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintedText{app.help(), 0};
  } catch (const CLI::ParseError& error) {
    return PrintedText{std::string("vcengine test: ") + error.what() +
                           "; `vcengine test --help` lists the options\n",
                       2};
  }
  if (command.list) {
    std::string text;
    for (const auto& check : all_checks()) text += std::string(check.name) + '\n';
    return PrintedText{text, 0};
  }
  if (command.what.empty()) {
    return PrintedText{"vcengine test: no plugin is named; `vcengine test --help` says how\n", 2};
  }
  if (!timeout.empty()) {
    command.timeout = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::nanoseconds(*parse_duration(timeout)));
  }
  return command;
}

}  // namespace vcengine
