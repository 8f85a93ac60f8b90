/// `vcengine reference`: pages about block types, from their declarations.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tools/common/host_inspect.hpp"
#include "tools/common/tool_main.hpp"
#include "tools/reference/command_line.hpp"
#include "tools/reference/page_files.hpp"

namespace vcengine {
namespace {

/// Each type once, however often it was asked for: the first that was asked for counts.
std::vector<BlockInfo> blocks_of(const PagesRequest& request) {
  const auto host = std::filesystem::read_symlink("/proc/self/exe").replace_filename("vcengine");
  auto asked = request.what;
  if (asked.empty()) asked.emplace_back();
  std::map<std::string, BlockInfo> blocks;
  for (const auto& what : asked) {
    for (auto& block : inspect(host, what, request.plugin_folders)) {
      const auto type = block.type;
      blocks.emplace(type, std::move(block));
    }
  }
  std::vector<BlockInfo> sorted;
  sorted.reserve(blocks.size());
  for (auto& [type, block] : blocks) sorted.push_back(std::move(block));
  return sorted;
}

int answer(const PagesRequest& request) {
  const auto blocks = blocks_of(request);
  const auto changed = write_pages(request.folder, blocks, request.index);
  for (const auto& file : changed) fmt::print("{}\n", file.lexically_normal().string());
  fmt::print(stderr, "{} block {}, {} {} written\n", blocks.size(),
             blocks.size() == 1 ? "type" : "types", changed.size(),
             changed.size() == 1 ? "file" : "files");
  return 0;
}

int answer(const PrintRequest& request) {
  std::fputs(request.text.c_str(), request.status == 0 ? stdout : stderr);
  return request.status;
}

int answer(int argc, const char* const* argv) {
  return std::visit([](const auto& request) { return answer(request); },
                    parse_reference(argc, argv));
}

}  // namespace
}  // namespace vcengine

int main(int argc, char** argv) {
  return vcengine::tool_main("vcengine reference", [&] { return vcengine::answer(argc, argv); });
}
