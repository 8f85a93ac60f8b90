#include <fmt/format.h>

#include "tools/common/spec_text.hpp"
#include "tools/new/block_files.hpp"

namespace vcengine {
namespace {

std::string_view role(const NewPort& input) {
  switch (input.mode) {
    case InputMode::trigger:
      return "input";
    case InputMode::latest:
      return "input, newest value";
    case InputMode::optional:
      return "input, may stay unwired";
    case InputMode::many:
      break;
  }
  return "input, any number of wires";
}

std::string table(const NewBlock& block) {
  std::string rows;
  for (const auto& port : block.inputs) {
    rows += fmt::format("| `{}` | {} | {} | |\n", port.name, role(port), port.type.written());
  }
  for (const auto& port : block.outputs) {
    const auto type = port.same_as.empty() ? port.type.written() : "as `" + port.same_as + "`";
    rows += fmt::format("| `{}` | output | {} | |\n", port.name, type);
  }
  for (const auto& param : block.params) {
    rows += fmt::format("| `{}` | setting | {} | {}{}{}: {} |\n", param.info.name,
                        to_string(param.info.kind), markdown_cell(param.allowed()),
                        param.allowed().empty() ? "" : "; ", markdown_cell(param.init_in_circuit()),
                        param.info.doc);
  }
  return "| Name | What | Type | Meaning |\n|---|---|---|---|\n" + rows;
}

}  // namespace

std::string block_readme(const NewBlock& block) {
  const auto frames = circuit_ends(block) ? "" : " --frames 300";
  auto text = fmt::format("# {}\n\n{}. A block for vcengine, of type `{}`.\n\n{}", block.name,
                          block.doc, block.type(), table(block));
  text += fmt::format(R"(
`{0}.cpp` is the block, `{0}_test.cpp` its test, `{0}.yaml` a circuit to try it in.
)",
                      block.name);
  if (const auto feed = feed_of(block)) {
    text += fmt::format(
        "`{}.cpp` stands in for the blocks that will send what this one takes; delete it, and its "
        "line in\n"
        "`CMakeLists.txt`, once the circuit has the real ones.\n",
        feed->name);
  }
  text += fmt::format(R"(
## Build, test, run

```sh
cmake -S . -B build && cmake --build build
ctest --test-dir build --output-on-failure
vcengine {0}.yaml{1}
```

CMake looks for vcengine where it is installed; for another place add `-D CMAKE_PREFIX_PATH=PREFIX`.
The plugin lands in `plugins/`, where circuits beside that folder find it. `vcengine inspect {2}` shows
what the host sees of it.

## Debug

The test runs without an engine: `gdb --args build/{0}_test`. In a running circuit the block is a process
of its own: `gdb -p $(pgrep -f 'vcengine-worker: {0}/{0}')`. A crash names the source line by itself.

## Install

`cmake --install build` puts the plugin where every circuit of yours finds it.
)",
                      block.name, frames, block.type());
  return text;
}

}  // namespace vcengine
