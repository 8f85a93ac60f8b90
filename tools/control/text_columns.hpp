#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace vcengine {

/// Rows of cells, two spaces between columns, each as wide as its widest cell; columns of
/// `right` are aligned to the right.
std::string in_columns(const std::vector<std::vector<std::string>>& rows,
                       const std::vector<std::size_t>& right = {});

/// "820ms", "42s", "2min 5s", "3h 20min".
std::string short_time(std::int64_t nanoseconds);

}  // namespace vcengine
