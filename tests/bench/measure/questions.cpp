#include "questions.hpp"

namespace vcengine::bench {

std::string HopQuestion::limit_name() const {
  std::string text = waiting == Waiting::spin ? "spin" : "sleep";
  return text + (pace == Pace::back_to_back ? "/back_to_back" : "/after_1ms");
}

std::string HopQuestion::name() const {
  return limit_name() + '/' + std::string(size.name) + (touch == Touch::all ? "/written" : "");
}

std::vector<HopQuestion> hop_questions() {
  std::vector<HopQuestion> questions;
  for (const auto waiting : {Waiting::spin, Waiting::sleep}) {
    for (const auto pace : {Pace::back_to_back, Pace::after_idleness}) {
      for (const auto& size : kFrameSizes) questions.push_back({waiting, pace, size, Touch::line});
    }
  }
  for (const auto& size : {k1080p, k4K}) {
    questions.push_back({Waiting::sleep, Pace::back_to_back, size, Touch::all});
  }
  return questions;
}

}  // namespace vcengine::bench
