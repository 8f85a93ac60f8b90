// Two outputs: a picture and a number about it. Both carry the stamp of the mask they come from, so
// a join further down can bring them together again.
#include <opencv2/imgproc.hpp>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct ObjectCounter final : vcengine::Block {
  vcengine::In<vcengine::Gray8> mask{this, "mask", "Everything that is not 0 belongs to an object"};
  vcengine::Out<vcengine::Bgr8> marked{this, "marked",
                                       "The mask with a green box around each object"};
  vcengine::Out<vcengine::Number> count{this, "count", "How many there are"};
  vcengine::Param<int> min_area{
      this, "min_area", {.min = 1, .init = 50}, "Smaller ones are noise (pixels)"};

  void process() override {
    auto picture = marked.loan(mask->size());
    cv::cvtColor(*mask, *picture, cv::COLOR_GRAY2BGR);
    // Components with 8 neighbours, after Bolelli et al. 2019 (OpenCV's default); 0 is the
    // background.
    const int labels = cv::connectedComponentsWithStats(*mask, labels_, boxes_, centres_);
    int objects = 0;
    for (int i = 1; i < labels; ++i) {
      const auto* box = boxes_.ptr<int>(i);
      if (box[cv::CC_STAT_AREA] < min_area) continue;
      ++objects;
      cv::rectangle(*picture,
                    cv::Rect(box[cv::CC_STAT_LEFT], box[cv::CC_STAT_TOP], box[cv::CC_STAT_WIDTH],
                             box[cv::CC_STAT_HEIGHT]),
                    cv::Scalar(0, 255, 0));
    }
    std::move(picture).publish();
    count.publish(objects);
  }

 private:
  cv::Mat labels_, boxes_, centres_;  // kept only to save their allocation
};

VCENGINE_PLUGIN(registry) {
  registry.add<ObjectCounter>("example.object_counter", "Counts and boxes the objects of a mask");
}
