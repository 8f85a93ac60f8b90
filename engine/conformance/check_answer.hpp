/// What one check of one block type found.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/control/json.hpp"

namespace vcengine {

enum class CheckStatus : std::uint8_t { passed, failed, skipped };

struct CheckAnswer {
  CheckStatus status = CheckStatus::passed;
  std::vector<std::string> failures;  ///< of one that failed: at least one
  std::vector<std::string> notes;     ///< worth knowing, no failure: "refuses pictures of 1x1: …"
  std::string reason;                 ///< of one that was skipped

  friend bool operator==(const CheckAnswer&, const CheckAnswer&) = default;
};

Json to_json(const CheckAnswer& answer);
/// Throws JsonError.
CheckAnswer check_answer_from_json(const Json& json);

}  // namespace vcengine
