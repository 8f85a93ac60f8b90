/// Rows of text in aligned columns.
#pragma once

#include <string>
#include <vector>

namespace vcengine {

class TextTable {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit TextTable(std::vector<Column> columns);

  /// One cell for each column.
  void add_row(std::vector<std::string> cells);

  /// The titles and the rows, each line ended; no spaces at the ends of lines.
  std::string text() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace vcengine
