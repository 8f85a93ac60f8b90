/// The examples of sdk/examples, each as its author would have it: copied somewhere, built against
/// what is installed, tested, run.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/install/installed.hpp"

namespace vcengine::test {

namespace fs = std::filesystem;

class ExamplesTest : public InstalledTest {
 protected:
  /// Copies, builds (a warning is an error) and tests it, and is then in its folder.
  void build_and_test(const std::string& name) {
    project_ = folder() / name;
    fs::copy(fs::path(VCENGINE_TEST_EXAMPLES) / name, project_, fs::copy_options::recursive);
    output_of(in_project(
        {"cmake", "-S", ".", "-B", "build", "-D", "CMAKE_CXX_FLAGS=-Wall -Wextra -Werror"}));
    output_of(in_project({"cmake", "--build", "build"}));
    output_of(
        in_project({"ctest", "--test-dir", "build", "--output-on-failure", "--no-tests=error"}));
  }
  Command in_project(std::vector<std::string> argv) const {
    auto command = with(VCENGINE_TEST_PREFIX, std::move(argv));
    command.folder = project_;
    return command;
  }

  fs::path project_;
};

TEST_F(ExamplesTest, SomebodyElsesLibraryIsABlock) {
  build_and_test("april_tags");
  const auto output = output_of(in_project({"vcengine", "april_tags.yaml"}));
  EXPECT_EQ(3U, lines_of(output).size()) << output;
  EXPECT_TRUE(contains(output, "{id: 42, margin: ")) << "io.print knows the fields of the record";
}

TEST_F(ExamplesTest, AModelFileIsASettingAndAMissingOneIsNamed) {
  build_and_test("face_finder");
  auto command = in_project({"vcengine", "face_finder.yaml"});
  command.environment["PICTURE"] = footage("messi5.jpg");
  EXPECT_TRUE(contains(output_of(command), "[227, 94, 37, 37]"));

  command.environment["MODEL"] = "nowhere.xml";  // relative to the circuit's folder
  const auto result = run(command);
  EXPECT_EQ(3, result.status);
  EXPECT_TRUE(contains(result.errors, (project_ / "nowhere.xml").string()));
}

TEST_F(ExamplesTest, ASourceHasAThreadOfItsOwn) {
  build_and_test("line_sensor");
  const auto pipe = (project_ / "sensor").string();
  ASSERT_EQ(0, ::mkfifo(pipe.c_str(), 0600));
  const FileDescriptor sensor(::open(pipe.c_str(), O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(sensor);
  const std::string said = "4.2\nnonsense\n-1\n";
  ASSERT_EQ(static_cast<ssize_t>(said.size()), ::write(sensor.get(), said.data(), said.size()));

  Process running(in_project({"vcengine", "line_sensor.yaml"}));
  running.wait_for_output("-10");
  EXPECT_TRUE(contains(running.output(), "  42\n"));
  running.wait_for_errors("no number: 'nonsense'");
  running.signal(SIGINT);
  EXPECT_EQ(130, running.wait()) << "though the device is silent";
}

TEST_F(ExamplesTest, ABlockHasTwoOutputs) {
  build_and_test("object_counter");
  EXPECT_EQ(20U, lines_of(output_of(in_project({"vcengine", "object_counter.yaml"}))).size());
  EXPECT_TRUE(fs::exists(project_ / "boxes/000020.png"));
}

}  // namespace vcengine::test
