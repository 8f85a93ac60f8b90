#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <opencv2/imgcodecs.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <system_error>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>
#include <vector>

namespace vcengine::io {

struct ImageWriter final : Block {
  In<Image> image{this, "image", "Pictures to keep"};
  Param<Path> path{
      this,
      "path",
      {.init = "frame_{:06}.png"},
      "Files to write: {:06} becomes the number of the frame on its wire, with six digits; "
      "without it, one file always holds the newest picture. The ending chooses the format"};

  void start() override {
    split_pattern();
    if (!cv::haveImageWriter("picture" + ending())) {
      throw std::runtime_error("'" + path->string() + "': OpenCV writes no pictures ending in '" +
                               ending() + "'; .png and .jpg are two it does");
    }
    const auto folder = path->parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder);  // its error names the folder
  }

  void process() override {
    if (!cv::imencode(ending(), *image, encoded_)) {
      throw FrameError("'" + ending() + "' cannot hold " + to_string(image.header().type));
    }
    write_file(file_name(image.header().sequence));
  }

 private:
  std::string ending() const { return path->extension().string(); }

  /// Finds `{}` or `{:0N}` in the file's name.
  void split_pattern() {
    const auto name = path->filename().string();
    const auto open = name.find('{');
    if (open == std::string::npos) {
      before_ = name;
      return;
    }
    int width = 0;
    int length = 2;
    const bool plain = name.compare(open, 2, "{}") == 0;
    if (!plain && (std::sscanf(name.c_str() + open, "{:0%1d}%n", &width, &length) != 1 ||
                   name[open + static_cast<std::size_t>(length) - 1] != '}')) {
      throw std::runtime_error("'" + name +
                               "': the place for the number is written {} or, with six "
                               "digits, {:06}");
    }
    digits_ = width;
    before_ = name.substr(0, open);
    after_ = name.substr(open + static_cast<std::size_t>(length));
  }

  std::filesystem::path file_name(std::uint64_t number) const {
    if (!digits_) return path.get();
    auto text = std::to_string(number);
    if (const auto digits = static_cast<std::size_t>(*digits_); text.size() < digits) {
      text.insert(0, digits - text.size(), '0');
    }
    return path->parent_path() / (before_ + text + after_);
  }

  /// Under another name first: who looks at the file sees a whole picture, never half of one.
  void write_file(const std::filesystem::path& file) const {
    const auto unfinished = file.string() + ".part";
    errno = 0;
    std::ofstream stream(unfinished, std::ios::binary);
    stream.write(reinterpret_cast<const char*>(encoded_.data()),
                 static_cast<std::streamsize>(encoded_.size()));
    stream.close();
    if (!stream) {
      const auto why = std::generic_category().message(errno);
      std::error_code ignored;
      std::filesystem::remove(unfinished, ignored);
      throw std::runtime_error("cannot write '" + file.string() + "': " + why);
    }
    std::filesystem::rename(unfinished, file);
  }

  std::string before_, after_;  ///< of the file's name, around the number
  std::optional<int> digits_;   ///< at least so many; none: the name has no place for a number
  std::vector<uchar> encoded_;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::ImageWriter>("io.image_writer", "Writes each picture into a file");
}
