/// `vcengine new`: writes blocks and circuits to begin with.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "tools/common/host_inspect.hpp"
#include "tools/common/names.hpp"
#include "tools/common/spec_text.hpp"
#include "tools/common/tool_main.hpp"
#include "tools/new/block_files.hpp"
#include "tools/new/chain.hpp"
#include "tools/new/command_line.hpp"
#include "tools/new/next_steps.hpp"
#include "tools/new/write_files.hpp"

namespace vcengine {
namespace {

namespace fs = std::filesystem;

fs::path this_program() { return fs::read_symlink("/proc/self/exe"); }

Surroundings surroundings() {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  return surroundings_of(this_program(), path != nullptr ? path : "");
}

int answer(const BlockRequest& request) {
  const auto block = make_block(request.words);
  const auto folder = request.folder / block.name;
  write_folder(folder, block_files(block));
  fmt::print("{} is ready in {}. Build, test and run it:\n\n{}", block.type(), folder.string(),
             next_steps(block, folder, surroundings()));
  return 0;
}

int answer(const CircuitRequest& request) {
  auto name = request.name;
  if (name.ends_with(".yaml")) name.resize(name.size() - 5);
  require_circuit_name(name);
  std::vector<BlockInfo> types;
  for (const auto& type : request.types) {
    types.push_back(
        inspect_type(this_program().replace_filename("vcengine"), type, request.plugin_folders));
  }
  const auto file = request.folder / (name + ".yaml");
  write_new_file(file,
                 types.empty() ? example_circuit(name) : chain_circuit(name, make_chain(types)));
  std::string plugins;
  for (const auto& folder : request.plugin_folders) plugins += " --plugins " + shell_word(folder);
  fmt::print("{0} is ready. Run it:\n\n{1} {2}{3}\n", file.string(), surroundings().host,
             shell_word(file.string()), plugins);
  return 0;
}

int answer(const PrintRequest& request) {
  std::fputs(request.text.c_str(), request.status == 0 ? stdout : stderr);
  return request.status;
}

int answer(int argc, const char* const* argv) {
  return std::visit([](const auto& request) { return answer(request); }, parse_new(argc, argv));
}

}  // namespace
}  // namespace vcengine

int main(int argc, char** argv) {
  return vcengine::tool_main("vcengine new", [&] { return vcengine::answer(argc, argv); });
}
