#include "engine/conformance/check_answer.hpp"

namespace vcengine {

namespace {

JsonArray to_array(const std::vector<std::string>& texts) {
  JsonArray array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

std::vector<std::string> texts_of(const JsonObject& object, std::string_view name) {
  std::vector<std::string> texts;
  for (const auto& json : array_of(object, name)) {
    if (!json.is_string()) throw JsonError("'" + std::string(name) + "' must hold texts only");
    texts.emplace_back(json.as_string());
  }
  return texts;
}

}  // namespace

Json to_json(const CheckAnswer& answer) {
  return JsonObject{{"status", static_cast<std::int64_t>(answer.status)},
                    {"failures", to_array(answer.failures)},
                    {"notes", to_array(answer.notes)},
                    {"reason", answer.reason}};
}

CheckAnswer check_answer_from_json(const Json& json) {
  const auto& object = object_of(json, "answer");
  const auto status = integer_of(object, "status");
  if (status < 0 || status > static_cast<std::int64_t>(CheckStatus::skipped)) {
    throw JsonError("'status' must be 0, 1 or 2");
  }
  return {.status = static_cast<CheckStatus>(status),
          .failures = texts_of(object, "failures"),
          .notes = texts_of(object, "notes"),
          .reason = text_of(object, "reason")};
}

}  // namespace vcengine
