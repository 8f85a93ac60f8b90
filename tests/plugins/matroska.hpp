#pragma once

#include <chrono>
#include <cstdint>
#include <fstream>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine::test {

/// A video of chosen times, which OpenCV's own writer cannot make: Motion JPEG in Matroska
/// (RFC 9559), each picture in a cluster of its own.
class MatroskaVideo {
 public:
  MatroskaVideo& add(std::chrono::milliseconds time, const cv::Mat& picture) {
    std::vector<uchar> jpeg;
    cv::imencode(".jpg", picture, jpeg);
    size_ = picture.size();
    const std::string block_header = {'\x81', 0, 0, '\x80'};  // track 1, at the cluster's time, key
    clusters_ += element("\x1F\x43\xB6\x75",
                         number("\xE7", static_cast<std::uint64_t>(time.count())) +
                             element("\xA3", block_header + std::string(jpeg.begin(), jpeg.end())));
    return *this;
  }

  void write(const std::string& file) const {
    const auto head = number("\x42\x86", 1) + number("\x42\xF7", 1) + number("\x42\xF2", 4) +
                      number("\x42\xF3", 8) + element("\x42\x82", "matroska") +
                      number("\x42\x87", 2) + number("\x42\x85", 2);
    const auto info = number("\x2A\xD7\xB1", 1'000'000) +  // times are in ms
                      element("\x4D\x80", "test") + element("\x57\x41", "test");
    const auto video = number("\xB0", static_cast<std::uint64_t>(size_.width)) +
                       number("\xBA", static_cast<std::uint64_t>(size_.height));
    const auto track = number("\xD7", 1) + number("\x73\xC5", 1) + number("\x83", 1) +
                       element("\x86", "V_MJPEG") + element("\xE0", video);
    const auto segment = element("\x15\x49\xA9\x66", info) +
                         element("\x16\x54\xAE\x6B", element("\xAE", track)) + clusters_;
    std::ofstream(file, std::ios::binary)
        << element("\x1A\x45\xDF\xA3", head) << element("\x18\x53\x80\x67", segment);
  }

 private:
  static std::string big_endian(std::uint64_t value) {
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xFF);
    return bytes;
  }
  static std::string element(std::string_view id, const std::string& content) {
    constexpr auto kEightBytes = std::uint64_t{1} << 56;  // how long the size itself is
    return std::string(id) + big_endian(kEightBytes | content.size()) + content;
  }
  static std::string number(std::string_view id, std::uint64_t value) {
    return element(id, big_endian(value));
  }

  cv::Size size_;
  std::string clusters_;
};

}  // namespace vcengine::test
