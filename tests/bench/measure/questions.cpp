#include "questions.hpp"

namespace vcengine::bench {

std::string HopQuestion::limit_name() const {
  std::string text = waiting == Waiting::spin ? "spin" : "sleep";
  return text + (pace == Pace::back_to_back ? "/back_to_back" : "/after_1ms");
}

std::string HopQuestion::name() const {
  return limit_name() + '/' + std::string(size.name) + (touch == Touch::all ? "/written" : "");
}

}  // namespace vcengine::bench
