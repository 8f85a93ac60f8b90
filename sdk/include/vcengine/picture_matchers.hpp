/// GoogleTest matchers for pictures. A mismatch writes both pictures, and their difference where
/// there is one, as PNG files:
///   EXPECT_THAT(**sut.take<Gray8>("edges"), EqualsPicture(expected));
/// Needs gmock and OpenCV's imgcodecs; vcengine_add_block_test() links them.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>

namespace cv {

/// GoogleTest shows a picture's format, not its million values.
inline void PrintTo(const Mat& picture, std::ostream* out) {
  *out << "a picture of " << picture.cols << "x" << picture.rows << " "
       << typeToString(picture.type());
}

}  // namespace cv

namespace vcengine {

namespace detail {

inline std::string picture_format(const cv::Mat& picture) {
  return std::to_string(picture.cols) + "x" + std::to_string(picture.rows) + " " +
         cv::typeToString(picture.type());
}

inline bool same_format(const cv::Mat& left, const cv::Mat& right) {
  return left.size() == right.size() && left.type() == right.type();
}

/// Absolute difference of each channel, in double precision.
inline cv::Mat picture_difference(const cv::Mat& left, const cv::Mat& right) {
  cv::Mat wide_left, wide_right, difference;
  left.convertTo(wide_left, CV_64F);
  right.convertTo(wide_right, CV_64F);
  cv::absdiff(wide_left, wide_right, difference);
  return difference;
}

/// For looking at: PNG holds 8 and 16 bits in 1, 3 or 4 channels; all else is stretched to 8 bits.
inline cv::Mat viewable(const cv::Mat& picture) {
  const bool plain = picture.depth() == CV_8U || picture.depth() == CV_16U;
  const int channels = picture.channels();
  cv::Mat shown = picture;
  if (!plain) cv::normalize(picture.reshape(1), shown, 0, 255, cv::NORM_MINMAX, CV_8U);
  return channels == 1 || channels == 3 || channels == 4 ? shown.reshape(channels)
                                                         : shown.reshape(1);
}

/// <folder>/<Suite>.<Test>.<number>.<kind>.png, with the folder of VCENGINE_TEST_PICTURES or
/// "test_pictures"; the number counts the mismatches of this program.
class MismatchFiles {
 public:
  MismatchFiles() {
    const char* const folder = std::getenv("VCENGINE_TEST_PICTURES");
    const auto* const test = testing::UnitTest::GetInstance()->current_test_info();
    std::string name = "picture";
    if (test != nullptr) name = std::string(test->test_suite_name()) + "." + test->name();
    std::replace(name.begin(), name.end(), '/', '_');  // of a parameterised test
    base_ = std::filesystem::absolute(folder != nullptr ? folder : "test_pictures") /
            (name + "." + std::to_string(++count_));
  }

  /// Says where it is, or why it is not.
  void write(const std::string& kind, const cv::Mat& picture, std::ostream& out) const {
    const auto file = base_.string() + "." + kind + ".png";
    if (picture.empty()) {
      out << "\n  " << kind << ": empty";
      return;
    }
    bool written = false;
    try {
      std::error_code ignored;
      std::filesystem::create_directories(base_.parent_path(), ignored);
      written = cv::imwrite(file, viewable(picture));
    } catch (const cv::Exception&) {
    }
    out << "\n  " << kind << ": " << (written ? file : "cannot be written to " + file);
  }

 private:
  inline static int count_ = 0;
  std::filesystem::path base_;
};

/// What the three matchers share: format first, then `accepts()` of the derived one.
template <class Derived>
class PictureMatcher {
 public:
  using is_gtest_matcher = void;

  explicit PictureMatcher(cv::Mat expected) : expected_(std::move(expected)) {}

  bool MatchAndExplain(const cv::Mat& actual, testing::MatchResultListener* listener) const {
    const auto& self = static_cast<const Derived&>(*this);
    const bool comparable = same_format(actual, expected_);
    if (comparable && (actual.empty() || self.accepts(actual))) return true;
    if (!listener->IsInterested()) return false;

    auto& out = *listener->stream();
    const MismatchFiles files;
    out << "which ";
    if (!comparable) {
      out << "is of " << picture_format(actual);
    } else {
      const auto difference = picture_difference(actual, expected_);
      self.explain(actual, difference, out);
      files.write("difference", difference, out);
    }
    files.write("actual", actual, out);
    files.write("expected", expected_, out);
    return false;
  }

 protected:
  const cv::Mat& expected() const { return expected_; }

  static void explain_difference(const cv::Mat& difference, std::ostream& out) {
    const auto channels = difference.channels();
    double largest = 0;
    int place[2] = {0, 0};
    cv::minMaxIdx(difference.reshape(1), nullptr, &largest, nullptr, place);
    int differing = 0;
    for (int row = 0; row < difference.rows; ++row) {
      const auto* values = difference.ptr<double>(row);
      for (int column = 0; column < difference.cols; ++column, values += channels) {
        // !(x == 0): NaN differs as well
        differing += std::any_of(values, values + channels, [](double x) { return !(x == 0); });
      }
    }
    out << "differs in " << differing << " of " << difference.total() << " pixels, by up to "
        << largest << " (at x " << place[1] / channels << ", y " << place[0] << ")";
  }

 private:
  cv::Mat expected_;
};

class EqualsPictureMatcher final : public PictureMatcher<EqualsPictureMatcher> {
 public:
  using PictureMatcher::PictureMatcher;

  bool accepts(const cv::Mat& actual) const {
    for (int row = 0; row < actual.rows; ++row) {
      const auto bytes = actual.elemSize() * static_cast<std::size_t>(actual.cols);
      if (std::memcmp(actual.ptr(row), expected().ptr(row), bytes) != 0) return false;
    }
    return true;
  }
  void explain(const cv::Mat&, const cv::Mat& difference, std::ostream& out) const {
    explain_difference(difference, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "equals the picture of " << picture_format(expected());
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "differs from the picture of " << picture_format(expected());
  }
};

class NearPictureMatcher final : public PictureMatcher<NearPictureMatcher> {
 public:
  NearPictureMatcher(cv::Mat expected, double tolerance)
      : PictureMatcher(std::move(expected)), tolerance_(tolerance) {}

  bool accepts(const cv::Mat& actual) const {
    const auto difference = picture_difference(actual, expected());
    double largest = 0;
    cv::minMaxIdx(difference.reshape(1), nullptr, &largest);
    return largest <= tolerance_ && cv::checkRange(difference);
  }
  void explain(const cv::Mat&, const cv::Mat& difference, std::ostream& out) const {
    explain_difference(difference, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "is within " << tolerance_ << " of each value of the picture of "
         << picture_format(expected());
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "is further than " << tolerance_ << " from a value of the picture of "
         << picture_format(expected());
  }

 private:
  double tolerance_;
};

class HasPsnrMatcher final : public PictureMatcher<HasPsnrMatcher> {
 public:
  HasPsnrMatcher(cv::Mat expected, double decibels)
      : PictureMatcher(std::move(expected)), decibels_(decibels) {}

  bool accepts(const cv::Mat& actual) const { return psnr(actual) >= decibels_; }
  void explain(const cv::Mat& actual, const cv::Mat& difference, std::ostream& out) const {
    out << "has a PSNR of " << psnr(actual) << " dB and ";
    explain_difference(difference, out);
  }
  void DescribeTo(std::ostream* out) const {
    *out << "has a PSNR of at least " << decibels_ << " dB to the picture of "
         << picture_format(expected());
  }
  void DescribeNegationTo(std::ostream* out) const {
    *out << "has a PSNR below " << decibels_ << " dB to the picture of "
         << picture_format(expected());
  }

 private:
  double psnr(const cv::Mat& actual) const { return cv::PSNR(actual, expected(), peak()); }
  double peak() const {
    switch (expected().depth()) {
      case CV_8U:
      case CV_8S:
        return 255;
      case CV_16U:
      case CV_16S:
        return 65535;
      default:
        return 1;
    }
  }

  double decibels_;
};

}  // namespace detail

/// Same size, type and bytes.
inline auto EqualsPicture(cv::Mat expected) {
  return detail::EqualsPictureMatcher(std::move(expected));
}

/// Same size and type, and each channel of each pixel differs by `tolerance` at most.
inline auto NearPicture(cv::Mat expected, double tolerance) {
  return detail::NearPictureMatcher(std::move(expected), tolerance);
}

/// Same size and type, and a peak signal-to-noise ratio of at least `decibels` (cv::PSNR; the peak
/// is 255 for 8 bits, 65535 for 16, 1 for floating point). Around 40 dB no eye sees the difference.
inline auto HasPsnr(cv::Mat expected, double decibels) {
  return detail::HasPsnrMatcher(std::move(expected), decibels);
}

}  // namespace vcengine
