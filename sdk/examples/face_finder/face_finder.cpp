// A model file: the cascade of Viola and Jones (CVPR 2001) that OpenCV ships, or another one.
#include <opencv2/imgproc.hpp>
#include <opencv2/objdetect.hpp>
#include <stdexcept>
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct FaceFinder final : vcengine::Block {
  vcengine::In<vcengine::Bgr8> image{this, "image", "Picture to search"};
  vcengine::Out<vcengine::Array<float>> faces{
      this, "faces", "Four numbers a face: left, top, width, height in pixels"};
  // A relative path starts at the folder of the circuit file, wherever the circuit is run from.
  vcengine::Param<vcengine::Path> model{
      this, "model", {.init = "model.xml"}, "Cascade to search with"};
  vcengine::Param<double> step{
      this, "step", {.min = 1.01, .max = 2, .init = 1.1}, "Each size searched is so much larger"};
  vcengine::Param<int> neighbours{
      this, "neighbours", {.min = 0, .max = 50, .init = 5}, "Overlapping finds that make a face"};

  // Here and not in the constructor: settings are known, and what fails ends the circuit with its
  // words.
  void start() override {
    if (!cascade_.load(model->string())) {
      throw std::runtime_error("no cascade can be read from " + model->string());
    }
  }

  void process() override {
    cv::cvtColor(*image, gray_, cv::COLOR_BGR2GRAY);
    cascade_.detectMultiScale(gray_, found_, step, neighbours);
    values_.clear();
    for (const auto& face : found_) {
      for (const int value : {face.x, face.y, face.width, face.height}) {
        values_.push_back(static_cast<float>(value));
      }
    }
    faces.publish(values_);
  }

 private:
  cv::CascadeClassifier cascade_;
  cv::Mat gray_;
  std::vector<cv::Rect> found_;
  std::vector<float> values_;
};

VCENGINE_PLUGIN(registry) {
  registry.add<FaceFinder>("example.face_finder", "Finds faces, or what its model was trained on");
}
