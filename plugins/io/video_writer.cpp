#include <algorithm>
#include <cmath>
#include <filesystem>
#include <opencv2/videoio.hpp>
#include <stdexcept>
#include <string>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

namespace vcengine::io {

struct VideoWriter final : Block {
  In<Image> image{this, "image", "8-bit pictures, colour or gray, all of one size"};
  Param<Path> path{
      this, "path", {.init = "out.avi"}, "File to write; its ending chooses the container"};
  Param<std::string> codec{this,
                           "codec",
                           {.init = "MJPG"},
                           "Four letters that FFmpeg knows: MJPG in .avi, mp4v in .mp4 …"};
  Param<double> fps{
      this,
      "fps",
      {.min = 0, .max = 100000, .init = 0},
      "Frames a second to play it with; 0: as the stamps of the first two frames say"};

  void start() override {
    if (codec->size() != 4) {
      throw std::runtime_error("'codec' has four letters (MJPG, mp4v), not '" + codec.get() + "'");
    }
    if (const auto folder = path->parent_path(); !folder.empty()) {
      std::filesystem::create_directories(folder);  // its error names the folder
    }
    open({64, 48}, true,
         kUnknownRate);  // what cannot work fails now; each opening begins the file anew
    writer_.release();
  }

  void process() override {
    if (image->depth() != CV_8U || (image->channels() != 1 && image->channels() != 3)) {
      throw FrameError("a video holds image 8UC1 or 8UC3, not " + to_string(image.header().type));
    }
    if (writer_.isOpened()) {
      write(*image);
    } else if (fps > 0) {
      begin(*image, fps);
    } else if (first_.empty()) {
      first_ = *image;  // held until the next one tells the rate
      first_stamp_ = image.stamp();
    } else {
      const auto apart = std::chrono::duration<double>(image.stamp() - first_stamp_).count();
      begin(std::exchange(first_, {}), apart > 0 ? 1 / apart : kUnknownRate);
      write(*image);
    }
  }

  /// Finalises the file, also of a circuit that was stopped.
  void stop() override {
    if (!first_.empty()) begin(std::exchange(first_, {}), kUnknownRate);
    writer_.release();
    if (written_ == 0) {
      std::filesystem::remove(path.get());
    } else {
      check_file();
    }
  }

 private:
  static constexpr double kUnknownRate = 25;

  void begin(const cv::Mat& picture, double rate) {
    open(picture.size(), picture.channels() == 3, rate);
    size_ = picture.size();
    type_ = picture.type();
    write(picture);
  }

  void open(cv::Size size, bool color, double rate) {
    const auto& code = codec.get();
    const int fourcc = cv::VideoWriter::fourcc(code[0], code[1], code[2], code[3]);
    if (!writer_.open(path->string(), cv::CAP_FFMPEG, fourcc, rate, size, color)) {
      throw std::runtime_error(
          "cannot write '" + path->string() + "' with codec " + code +
          ": the folder may not be writable, or FFmpeg has no such codec for files "
          "ending in '" +
          path->extension().string() + "' (MJPG in .avi and mp4v in .mp4 always work)");
    }
  }

  void write(const cv::Mat& picture) {
    if (picture.size() != size_ || picture.type() != type_) {
      throw FrameError("the video '" + path->string() + "' has frames of " +
                       describe(size_, type_) + "; one of " +
                       describe(picture.size(), picture.type()) + " cannot follow");
    }
    writer_.write(picture);
    ++written_;
  }

  /// FFmpeg in OpenCV says nothing when the disk is full: read back how much is there.
  void check_file() const {
    cv::VideoCapture capture;
    capture.open(path->string(), cv::CAP_FFMPEG);
    long long there = std::llround(std::max(capture.get(cv::CAP_PROP_FRAME_COUNT), 0.0));
    if (there < written_) {  // the header may know it badly (.mjpeg, .ts); the pictures know
      for (there = 0; capture.grab();) ++there;
    }
    if (there >= written_) return;
    std::error_code ignored;
    const auto folder = std::filesystem::absolute(path.get()).parent_path();
    const auto free_mebibytes = std::filesystem::space(folder, ignored).available >> 20;
    throw std::runtime_error("'" + path->string() + "' is incomplete: " + std::to_string(written_) +
                             " frames were written, " + std::to_string(there) +
                             " can be read; is the disk full? (" + std::to_string(free_mebibytes) +
                             " MiB are free)");
  }

  static std::string describe(cv::Size size, int type) {
    return std::to_string(size.width) + "x" + std::to_string(size.height) + " " +
           to_string(detail::image_type(type));
  }

  cv::VideoWriter writer_;
  cv::Mat first_;
  Stamp first_stamp_{0};
  cv::Size size_;
  int type_ = 0;
  long long written_ = 0;
};

}  // namespace vcengine::io

VCENGINE_PLUGIN(registry) {
  registry.add<vcengine::io::VideoWriter>("io.video_writer", "Writes pictures into a video file");
}
