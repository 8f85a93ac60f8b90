/// Tests that a page of documentation names as those that show what it says, in backquotes:
/// `RingTest.AGlance…` is any test of that name that begins so, `RingTest` any at all.
#pragma once

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace vcengine {

inline std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class NamedTests {
 public:
  /// `tests`: the folder of their sources.
  NamedTests(const std::string& page, const std::filesystem::path& tests) {
    const auto sources = sources_below(tests);
    const std::regex named("`(\\w+Test)(\\.(\\w+)(…)?)?`");
    for (std::sregex_iterator name(page.begin(), page.end(), named), none; name != none; ++name) {
      const auto& found = *name;
      const bool whole_name = found[2].matched && !found[4].matched;
      const auto wanted = found[2].matched
                              ? "(" + found.str(1) + ", " + found.str(3) + (whole_name ? ")" : "")
                              : "(" + found.str(1) + ", ";
      if (sources.find(wanted) == std::string::npos) missing_.push_back(found.str(0));
      ++count_;
    }
  }

  std::size_t count() const { return count_; }
  const std::vector<std::string>& missing() const { return missing_; }

 private:
  /// All of them behind one another, each run of white space as one blank.
  static std::string sources_below(const std::filesystem::path& tests) {
    std::string all;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(tests)) {
      if (entry.path().extension() == ".cpp") all += content_of(entry.path());
    }
    std::string text;
    for (const char c : all) {
      const bool blank = c == ' ' || c == '\n';
      if (!blank || !text.ends_with(' ')) text += blank ? ' ' : c;
    }
    return text;
  }

  std::size_t count_ = 0;
  std::vector<std::string> missing_;
};

}  // namespace vcengine
