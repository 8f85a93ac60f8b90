#include <unistd.h>
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <opencv2/imgcodecs.hpp>
#include <stdexcept>
#include <string>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>
#include <vector>

namespace vcengine::io {

struct ImageFile final : Block {
  Out<Bgr8> image{this, "image", "The picture, or each of a folder"};
  Param<Path> path{this,
                   "path",
                   {},
                   "A picture, or a folder of them, read in the order of their names "
                   "(9.png before 10.png)"};
  Param<double> rate{this,
                     "rate",
                     {.min = 0.001, .max = 100000, .init = 25},
                     "Pictures a second: makes the stamps, and the pace of a paced circuit"};
  Param<bool> loop{this, "loop", {.init = false}, "Begin again at the end, for ever"};

  struct Next {
    std::size_t file = 0;  ///< in the order of names
    RateStamps stamps;     ///< counting on in a loop
  };
  State<Next> next{this, "next"};

  void start() override {
    if (path->empty()) throw std::runtime_error("'path' is empty; it names the picture to read");
    if (!std::filesystem::exists(path.get())) {
      throw std::runtime_error("no such file or folder: '" + path->string() + "'");
    }
    if (std::filesystem::is_directory(path.get())) {
      list_folder();
    } else {
      check_picture();
    }
    next_ = next;
  }

  void process() override {
    if (next_.file >= files_.size()) {
      if (!loop) return finish();  // the last was a predecessor's
      next_.file = 0;
    }
    const auto& file = files_[next_.file++];
    if (next_.file == files_.size() && !loop) finish();  // after this one
    const auto due = next_.stamps.next(rate);
    pace(due);
    set_stamp(due);
    const auto picture = cv::imread(file.string(), cv::IMREAD_COLOR);
    if (picture.empty()) throw FrameError("'" + file.string() + "' is a damaged picture");
    image.publish(picture);
    if (!loop) report_progress(next_.file, files_.size());
    next = next_;
  }

 private:
  void list_folder() {
    for (const auto& entry : std::filesystem::directory_iterator(path.get())) {
      if (entry.is_regular_file() && cv::haveImageReader(entry.path().string())) {
        files_.push_back(entry.path());
      }
    }
    if (files_.empty()) {
      throw std::runtime_error("the folder '" + path->string() +
                               "' holds no picture that can be read");
    }
    std::sort(files_.begin(), files_.end(), [](const auto& a, const auto& b) {
      const int order = ::strverscmp(a.c_str(), b.c_str());
      return order != 0 ? order < 0 : a < b;
    });
  }

  void check_picture() {
    if (::access(path->c_str(), R_OK) != 0) {
      throw std::runtime_error("may not read '" + path->string() + "'");
    }
    if (!cv::haveImageReader(path->string())) {
      throw std::runtime_error("'" + path->string() + "' is no picture that OpenCV can read");
    }
    files_.push_back(path.get());
  }

  std::vector<std::filesystem::path> files_;
  Next next_;  ///< pictures that could not be sent are behind it
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::ImageFile>("io.image_file",
                                        "Reads a picture, or a folder of them in order");
}
