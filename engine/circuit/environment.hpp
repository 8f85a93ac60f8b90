/// ${NAME} and ${NAME:-default} in circuit files.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace vcengine {

/// The value of an environment variable, if it is set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
Environment process_environment();

/// The number in a variable; none if it is not a whole one above 0.
std::optional<std::chrono::milliseconds> milliseconds_from(const Environment& environment,
                                                           const std::string& name);

/// A `${…}` that cannot be replaced, in words.
class ReplacementError final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Replaces every `${NAME}` and `${NAME:-default}`; as in a shell, the default also stands in for
/// an empty variable. `$${` is a literal `${`. What was put in is not searched again.
std::string replace_variables(std::string_view text, const Environment& environment);

}  // namespace vcengine
