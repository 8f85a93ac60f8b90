#include "tests/guide/guide_page.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string_view>

namespace vcengine::test {

namespace {

constexpr std::string_view kFence = "```";
constexpr std::string_view kAnything = "…";

GuideBlock begin_block(const std::string& info, std::size_t line) {
  const auto refuse = [&](const std::string& why) {
    throw std::runtime_error("line " + std::to_string(line) + ": " + why);
  };
  std::istringstream words(info);
  std::string language, word;
  words >> language;
  GuideBlock block;
  block.line = line;
  if (language == "sh") {
    while (words >> word) {
      if (word == "fails") {
        block.fails = true;
      } else if (word.starts_with("until=")) {
        block.until = word.substr(6);
      } else if (word.starts_with("keys=")) {
        std::istringstream keys(word.substr(5));
        for (std::string key; std::getline(keys, key, ',');) block.keys.push_back(key);
      } else {
        refuse("'" + word + "' says nothing about commands");
      }
    }
  } else if (language == "text") {
    block.kind = GuideBlock::Kind::output;
  } else if (language == "cpp" || language == "yaml" || language == "cmake") {
    block.kind = GuideBlock::Kind::file;
    if (!(words >> block.file)) refuse("this code has no file name, so nothing runs it");
  } else {
    refuse("a block of '" + info + "' cannot be run");
  }
  return block;
}

/// Only '…' is special in `pattern`; it begins the line or ends it wherever it stands there.
bool line_matches(std::string_view pattern, std::string_view line) {
  const auto gap = pattern.find(kAnything);
  if (gap == pattern.npos) return line == pattern;
  const auto head = pattern.substr(0, gap);
  if (!line.starts_with(head)) return false;
  line.remove_prefix(head.size());
  pattern.remove_prefix(gap + kAnything.size());
  for (std::size_t skip = 0; skip <= line.size(); ++skip) {
    if (line_matches(pattern, line.substr(skip))) return true;
  }
  return false;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::vector<GuideBlock> read_guide_page(const std::filesystem::path& page) {
  std::ifstream in(page);
  if (!in) throw std::runtime_error("cannot read " + page.string());
  std::vector<GuideBlock> blocks;
  bool inside = false;
  std::string line;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    if (line.starts_with(kFence)) {
      if (!inside) blocks.push_back(begin_block(line.substr(kFence.size()), number));
      inside = !inside;
    } else if (inside) {
      blocks.back().text += line + "\n";
    }
  }
  if (inside) throw std::runtime_error("the last block of code does not end");
  return blocks;
}

std::string marker(std::size_t line) { return "@@ line " + std::to_string(line) + " @@"; }

std::string guide_script(const std::vector<GuideBlock>& blocks) {
  std::string script = "set -e\nexec 2>&1 </dev/null\n";
  for (const auto& block : blocks) {
    if (block.kind == GuideBlock::Kind::output) continue;
    if (block.kind == GuideBlock::Kind::file) {
      script += "cat > '" + block.file + "' <<'END OF FILE'\n" + block.text + "END OF FILE\n";
      continue;
    }
    script += "echo '" + marker(block.line) + "'\n";
    std::string keys = "printf '%s\\n'";
    for (const auto& key : block.keys) keys += " '" + key + "'";
    if (!block.until.empty()) {
      script += "cat > .typed <<'END OF FILE'\n" + block.text +
                "END OF FILE\n: > .seen\n{ until grep -q '" + block.until +
                "' .seen; do sleep 0.1; done; " + keys +
                "; } | script -qefc 'bash -e .typed' .seen >/dev/null || { cat .seen; exit 1; }\n" +
                "tr -d '\\r' < .seen\n";
    } else if (!block.keys.empty()) {
      script += keys + " | {\n" + block.text + "}\n";
    } else if (block.fails) {
      // In a subshell that stops at its first failure, whose status is then looked at.
      script +=
          "set +e; ( set -e\n" + block.text +
          ") ; status=$?; set -e; test $status -ne 0 || { echo 'it did not fail'; exit 1; }\n";
    } else {
      script += block.text;  // in this very shell: `cd` lasts
    }
  }
  return script;
}

std::string first_line_missing(const std::string& expected, const std::string& output) {
  const auto lines = split(output);
  std::size_t next = 0;
  bool gap = true;  // the first line may stand anywhere
  for (const auto& pattern : split(expected)) {
    if (pattern == kAnything) {
      gap = true;
      continue;
    }
    auto found = next;
    while (found < lines.size() && !line_matches(pattern, lines[found])) ++found;
    if (found == lines.size() || (!gap && found != next)) return pattern;
    next = found + 1;
    gap = false;
  }
  return "";
}

}  // namespace vcengine::test
