// Somebody else's library as a block: AprilTag 3 (Wang and Olson, IROS 2016), a C library with a
// CMake package.
#include <apriltag/apriltag.h>
#include <apriltag/tag36h11.h>

#include <algorithm>
#include <memory>
#include <opencv2/imgproc.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>
#include <vector>

/// One tag in a picture: a port type of its own, which tools can print because it lists its fields.
struct Tag {
  std::int32_t id;
  float margin;  ///< how clearly it was read; below 30 or so it may be none
  double x, y;   ///< its centre, in pixels
};

template <>
struct vcengine::Record<Tag> {
  static constexpr std::string_view name = "april_tag";
  static auto fields() {
    return std::vector{field("id", &Tag::id), field("margin", &Tag::margin), field("x", &Tag::x),
                       field("y", &Tag::y)};
  }
};

/// What the library's functions hand out is given back by its own functions.
template <auto kDestroy>
struct Destroy {
  template <class T>
  void operator()(T* object) const {
    kDestroy(object);
  }
};

struct AprilTags final : vcengine::Block {
  vcengine::In<vcengine::Bgr8> image{this, "image", "Picture to search"};
  vcengine::Out<Tag> tags{this, "tags", "One frame for each tag, all with the picture's stamp"};
  vcengine::Param<double> decimate{
      this, "decimate", {.min = 1, .max = 8, .init = 2}, "Search a picture so many times smaller"};

  void start() override {
    family_.reset(tag36h11_create());
    detector_.reset(apriltag_detector_create());
    apriltag_detector_add_family(detector_.get(), family_.get());
  }

  void process() override {
    // A tag is ten cells wide. The library crashes on pictures of a few pixels: `vcengine test`
    // found that.
    if (std::min(image->cols, image->rows) < 10 * decimate) return;
    detector_->quad_decimate = static_cast<float>(decimate);
    cv::cvtColor(*image, gray_, cv::COLOR_BGR2GRAY);
    image_u8_t picture{gray_.cols, gray_.rows, static_cast<std::int32_t>(gray_.step), gray_.data};
    const std::unique_ptr<zarray_t, Destroy<apriltag_detections_destroy>> found(
        apriltag_detector_detect(detector_.get(), &picture));
    for (int i = 0; i < zarray_size(found.get()); ++i) {
      apriltag_detection_t* one = nullptr;
      zarray_get(found.get(), i, &one);
      tags.publish(Tag{one->id, one->decision_margin, one->c[0], one->c[1]});
    }
  }

  void stop() override {
    detector_.reset();  // first: it refers to the family
    family_.reset();
  }

 private:
  std::unique_ptr<apriltag_family_t, Destroy<tag36h11_destroy>> family_;
  std::unique_ptr<apriltag_detector_t, Destroy<apriltag_detector_destroy>> detector_;
  cv::Mat gray_;
};

VCENGINE_PLUGIN(registry) {
  registry.add<AprilTags>("example.april_tags", "Finds AprilTags of the family 36h11");
}
