#include "tools/reference/block_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tools/common/refusal.hpp"
#include "tools/reference/block_page.hpp"
#include "tools/reference/markdown_text.hpp"

namespace vcengine {
namespace {

constexpr std::string_view kBegin =
    "<!-- blocks: this table is written by `vcengine reference --index` -->\n";
constexpr std::string_view kEnd = "<!-- end of blocks -->\n";

}  // namespace

std::string with_index(const std::string& readme, std::vector<BlockInfo> blocks) {
  const auto text = readme.empty() ? fmt::format("# Blocks\n\n{}{}", kBegin, kEnd) : readme;
  const auto begin = text.find(kBegin);
  const auto end = text.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin ||
      text.find(kBegin, begin + 1) != std::string::npos ||
      text.find(kEnd, end + 1) != std::string::npos) {
    throw Refusal(
        fmt::format("README.md does not say where the list of blocks belongs; put these two lines "
                    "there, once:\n{}{}",
                    kBegin, kEnd));
  }
  std::ranges::sort(blocks, {}, &BlockInfo::type);
  std::string rows;
  for (const auto& block : blocks) {
    rows += fmt::format("| [{}]({}.md) | {} |\n", markdown_code(block.type),
                        page_of(block.type).string(), markdown(block.doc));
  }
  return text.substr(0, begin) + std::string(kBegin) + "\n| Block | What it does |\n|---|---|\n" +
         rows + '\n' + text.substr(end);
}

}  // namespace vcengine
