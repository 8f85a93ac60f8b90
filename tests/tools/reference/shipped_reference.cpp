#include "tests/tools/reference/shipped_reference.hpp"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "tests/processes/support/host_test.hpp"

namespace vcengine::test {
namespace {

namespace fs = std::filesystem;

constexpr int kPanelHeight = 240;
constexpr int kGap = 8;
constexpr int kJpegQuality = 80;       // at which a picture is well below 60 kB
constexpr const char* kFrames = "60";  // by then there is something to see in the footage

Command command(std::vector<std::string> argv, const fs::path& home) {
  return {.argv = std::move(argv),
          .environment = {{"DISPLAY", std::nullopt},
                          {"WAYLAND_DISPLAY", std::nullopt},
                          {"LC_ALL", "C.UTF-8"},
                          {"HOME", home.string()},
                          {"XDG_RUNTIME_DIR", home.string()},
                          {"XDG_DATA_HOME", std::nullopt},
                          {"XDG_CACHE_HOME", home.string()},
                          {"VCENGINE_PLUGIN_PATH", std::nullopt}}};
}

void require_success(const Command& command) {
  const auto result = run(command);
  if (result.status != 0) throw std::runtime_error(result.output + result.errors);
}

template <class Wanted>
std::vector<fs::path> files_below(const fs::path& folder, Wanted wanted) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && wanted(entry.path())) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

cv::Mat panel(const fs::path& file) {
  const auto picture = cv::imread(file.string(), cv::IMREAD_COLOR);
  if (picture.empty()) throw std::runtime_error(file.string() + " is no picture");
  cv::Mat small;
  cv::resize(picture, small, {picture.cols * kPanelHeight / picture.rows, kPanelHeight}, 0, 0,
             cv::INTER_AREA);
  return small;
}

cv::Mat side_by_side(const std::vector<fs::path>& files) {
  cv::Mat row;
  for (const auto& file : files) {
    if (!row.empty())
      cv::hconcat(row, cv::Mat(kPanelHeight, kGap, CV_8UC3, cv::Scalar::all(128)), row);
    const auto next = panel(file);
    if (row.empty()) {
      row = next;
    } else {
      cv::hconcat(row, next, row);
    }
  }
  return row;
}

}  // namespace

std::vector<std::string> shipped_plugins() {
  std::vector<std::string> files;
  std::istringstream list(VCENGINE_TEST_SHIPPED_PLUGINS);
  for (std::string file; std::getline(list, file, ':');) files.push_back(file);
  return files;
}

Command reference_command(const std::vector<std::string>& arguments, const fs::path& home) {
  std::vector<std::string> argv{VCENGINE_TEST_REFERENCE};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return command(std::move(argv), home);
}

void write_result_pictures(const fs::path& folder) {
  const TemporaryFolder home;  // of all circuits: the first of them has the plugins described
  for (const auto& circuit : files_below(folder, [](const fs::path& file) {
         return file.filename().string().ends_with("_result.yaml");
       })) {
    const TemporaryFolder made;
    auto host = command({host_program().string(), circuit.string(), "--frames", kFrames, "--fast"},
                        home.path());
    host.environment["OUT"] = made.path().string();
    host.environment["VIDEO"] = footage("vtest.avi").string();
    require_success(host);
    const auto files = files_below(made.path(), [](const fs::path&) { return true; });
    if (files.empty()) throw std::runtime_error(circuit.string() + " writes no picture into OUT");
    auto picture = circuit;
    picture.replace_extension(".jpg");
    if (!cv::imwrite(picture.string(), side_by_side(files),
                     {cv::IMWRITE_JPEG_QUALITY, kJpegQuality})) {
      throw std::runtime_error("cannot write " + picture.string());
    }
  }
}

void write_shipped_pages(const fs::path& folder) {
  const TemporaryFolder home;
  auto arguments = shipped_plugins();
  arguments.insert(arguments.end(), {"--folder", folder.string(), "--index"});
  require_success(reference_command(arguments, home.path()));
}

}  // namespace vcengine::test
