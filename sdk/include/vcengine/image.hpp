/// Pictures: port types Bgr8, Gray8 and Image, as cv::Mat over the wire's own memory.
#pragma once

#if !__has_include(<opencv2/core.hpp>)
#error "OpenCV's headers are not found; say vcengine_add_plugin(… LIBRARIES opencv_core) in CMake"
#endif
#include <opencv2/core.hpp>
#include <string>

#include "vcengine/port.hpp"
#include "vcengine/types.hpp"

namespace vcengine {

struct Bgr8 {};   ///< 8-bit colour, channels blue, green, red (CV_8UC3)
struct Gray8 {};  ///< 8-bit, one channel (CV_8UC1); masks hold 0 and 255
struct Image {};  ///< a picture of any cv::Mat type, carried by each frame

namespace detail {

/// Gives cv::Mats over a held frame: copies of the Mat count references, the last one lets the slot
/// go.
class HeldFrameAllocator final : public cv::MatAllocator {
 public:
  static cv::Mat view(const FrameRef& frame) {
    static HeldFrameAllocator allocator;
    const auto& header = frame.header();
    const auto type = static_cast<int>(header.type.element);
    cv::Mat mat(static_cast<int>(header.shape[0]), static_cast<int>(header.shape[1]), type,
                const_cast<std::byte*>(frame.payload().data()));
    auto* data = new cv::UMatData(&allocator);
    data->data = data->origdata = mat.data;
    data->size = frame.payload().size();
    data->handle = new FrameRef(frame);
    data->refcount = 1;
    mat.u = data;
    return mat;
  }

 private:
  cv::UMatData* allocate(int dims, const int* sizes, int type, void* data, std::size_t* step,
                         cv::AccessFlag flags, cv::UMatUsageFlags usage) const override {
    return cv::Mat::getStdAllocator()->allocate(dims, sizes, type, data, step, flags, usage);
  }
  bool allocate(cv::UMatData* data, cv::AccessFlag flags, cv::UMatUsageFlags usage) const override {
    return cv::Mat::getStdAllocator()->allocate(data, flags, usage);
  }
  void deallocate(cv::UMatData* data) const override {
    delete static_cast<FrameRef*>(data->handle);
    data->handle = nullptr;
    delete data;
  }
};

inline FrameType image_type(int cv_type) {
  return {Family::image, static_cast<std::uint32_t>(cv_type)};
}

/// What the three picture types share. A frame whose size does not fit its shape throws FrameError.
inline cv::Mat image_view(const FrameRef& frame) {
  const auto& header = frame.header();
  const auto type = header.type.element;
  const bool sane =
      type <= CV_MAT_TYPE_MASK && header.shape[0] <= 1U << 20 && header.shape[1] <= 1U << 20 &&
      header.size == std::uint64_t{header.shape[0]} * header.shape[1] *
                         static_cast<std::uint64_t>(CV_ELEM_SIZE(static_cast<int>(type)));
  if (!sane) throw_bad_payload(header, "image");
  return HeldFrameAllocator::view(frame);
}

/// For out.publish(mat) and tests: copies a whole Mat. Throws FrameError if its rows are not
/// continuous (a region of a larger one: clone() it).
inline Encoded encode_image(const cv::Mat& mat) {
  if (!mat.isContinuous() || mat.dims != 2) {
    throw FrameError("only a continuous two-dimensional Mat can be published; clone() it");
  }
  return {image_type(mat.type()),
          {static_cast<std::uint32_t>(mat.rows), static_cast<std::uint32_t>(mat.cols)},
          std::as_bytes(std::span(mat.data, mat.total() * mat.elemSize()))};
}

template <int kCvType>
struct FixedImageTraits {
  using View = cv::Mat;
  static Encoded encode(const cv::Mat& mat) {
    if (mat.type() != kCvType) {
      throw FrameError("the port sends " + to_string(image_type(kCvType)) + ", not " +
                       to_string(image_type(mat.type())));
    }
    return encode_image(mat);
  }
  /// A Mat whose pixel type the compiler knows is checked by the compiler.
  template <class Pixel>
  static Encoded encode(const cv::Mat_<Pixel>& mat) {
    static_assert(cv::traits::Type<Pixel>::value == kCvType,
                  "the Mat's pixels are not those of this port: Bgr8 sends cv::Mat3b, Gray8 "
                  "cv::Mat1b; convert it first, or declare the port as Out<Image>");
    return encode_image(mat);
  }
  static bool accepts(FrameType type) noexcept { return type == image_type(kCvType); }
  static View view(const FrameRef& frame) { return image_view(frame); }
};

}  // namespace detail

template <>
struct FrameTraits<Bgr8> : detail::FixedImageTraits<CV_8UC3> {
  static TypeName name() { return "image/bgr8"; }
};
template <>
struct FrameTraits<Gray8> : detail::FixedImageTraits<CV_8UC1> {
  static TypeName name() { return "image/gray8"; }
};
template <>
struct FrameTraits<Image> {
  using View = cv::Mat;
  static TypeName name() { return "image"; }
  static bool accepts(FrameType type) noexcept { return type.family == Family::image; }
  static View view(const FrameRef& frame) { return detail::image_view(frame); }
  static detail::Encoded encode(const cv::Mat& mat) { return detail::encode_image(mat); }
};

namespace detail {

/// A picture of `size` pixels in a slot, continuous rows, not initialised. After publish() it is
/// gone: keep no Mat of it.
class ImageLoan : public LoanBase {
 public:
  cv::Mat& operator*() noexcept { return mat_; }
  cv::Mat* operator->() noexcept { return &mat_; }

  /// Throws FrameError, and sends nothing, if the Mat no longer lies in its slot: an OpenCV
  /// function was given it as an output but wanted another size or type, and allocated anew without
  /// a word.
  void publish() && {
    if (mat_.data != reinterpret_cast<uchar*>(slot_.data) || mat_.size() != size_ ||
        mat_.type() != type_) {
      throw FrameError("the loaned picture was reallocated (wanted " + describe(size_, type_) +
                       ", is now " + describe(mat_.size(), mat_.type()) +
                       "); loan it with the size and type that the last function writes");
    }
    send(image_type(type_),
         {static_cast<std::uint32_t>(size_.height), static_cast<std::uint32_t>(size_.width)},
         mat_.total() * mat_.elemSize());
  }
  template <class... Values>
  void publish(const Values&...) & {
    static_assert(kNever<Values...>,
                  "publishing ends the loan: write std::move(picture).publish()");
  }

 protected:
  ImageLoan(FrameWriter& writer, cv::Size size, int type)
      : LoanBase(writer, bytes(size, type)),
        size_(size),
        type_(type),
        mat_(size, type, slot_.data) {}

 private:
  static std::uint64_t bytes(cv::Size size, int type) {
    if (size.width <= 0 || size.height <= 0) {
      throw FrameError("cannot loan a picture of " + describe(size, type));
    }
    return static_cast<std::uint64_t>(size.width) * static_cast<std::uint64_t>(size.height) *
           static_cast<std::uint64_t>(CV_ELEM_SIZE(type));
  }
  static std::string describe(cv::Size size, int type) {
    return std::to_string(size.width) + "x" + std::to_string(size.height) + " " +
           to_string(image_type(type));
  }

  cv::Size size_;
  int type_;
  cv::Mat mat_;
};

template <class Type>
constexpr void refuse_pixel_type() {
  static_assert(kNever<Type>,
                "the port's type says what its pixels are: loan(size), or declare the port as "
                "Out<Image> to loan(size, type)");
}

inline const bool kOpenCvThreadsHook = add_worker_hook([](int threads) {
  if (threads != 0) cv::setNumThreads(threads);  // 0: leave OpenCV's own choice
});

}  // namespace detail

template <>
class Loan<Bgr8> final : public detail::ImageLoan {
 public:
  Loan(detail::FrameWriter& writer, cv::Size size) : ImageLoan(writer, size, CV_8UC3) {}
  template <class Type>
  Loan(detail::FrameWriter& writer, cv::Size size, Type) : Loan(writer, size) {
    detail::refuse_pixel_type<Type>();
  }
};
template <>
class Loan<Gray8> final : public detail::ImageLoan {
 public:
  Loan(detail::FrameWriter& writer, cv::Size size) : ImageLoan(writer, size, CV_8UC1) {}
  template <class Type>
  Loan(detail::FrameWriter& writer, cv::Size size, Type) : Loan(writer, size) {
    detail::refuse_pixel_type<Type>();
  }
};
template <>
class Loan<Image> final : public detail::ImageLoan {
 public:
  Loan(detail::FrameWriter& writer, cv::Size size, int type) : ImageLoan(writer, size, type) {}
  template <class Size>
  Loan(detail::FrameWriter& writer, Size size) : ImageLoan(writer, size, CV_8UC3) {
    static_assert(detail::kNever<Size>,
                  "an Out<Image> leaves the pixel type open: loan(size, image->type())");
  }
};

}  // namespace vcengine
