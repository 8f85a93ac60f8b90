/// A page of the author's guide as something to run: its blocks of code, in their order.
///   ```sh            commands, run as they are printed; `sh fails`: they must fail;
///                    `sh keys=a,b`: with these lines on their standard input;
///                    `sh until=word keys=q`: in a terminal, where these are typed once the word is
///                    printed
///   ```cpp blur.cpp  a file, written where the commands are by then (cpp, yaml, cmake)
///   ```text          what the commands before printed: these lines in this order, "…" for anything
/// A block of any other kind is an error: nothing on the page may go untested.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vcengine::test {

struct GuideBlock {
  enum class Kind { commands, file, output };

  Kind kind = Kind::commands;
  std::size_t line = 0;  ///< of the page, counted from 1
  std::string text;      ///< each line ended
  std::string file;      ///< its name
  bool fails = false;
  std::vector<std::string> keys;
  std::string until;  ///< empty: no terminal
};

/// Throws std::runtime_error naming the line of a block that cannot be run.
std::vector<GuideBlock> read_guide_page(const std::filesystem::path& page);

/// A bash script that does all of it in one shell and prints `marker(line)` before each block of
/// commands.
std::string guide_script(const std::vector<GuideBlock>& blocks);
std::string marker(std::size_t line);

/// Do the lines of `expected` come in this order in `output`? Else the first one that does not;
/// nothing if all do.
std::string first_line_missing(const std::string& expected, const std::string& output);

}  // namespace vcengine::test
