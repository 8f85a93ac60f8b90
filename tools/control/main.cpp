/// `vcengine ps`, `vcengine stop` …: speaks with running circuits. The name that it is called by
/// says which.
#include <string>
#include <string_view>
#include <variant>

#include "tools/common/tool_main.hpp"
#include "tools/control/command_line.hpp"
#include "tools/control/commands.hpp"

namespace {

std::string word_of(std::string_view program) {
  constexpr std::string_view kBefore = "vcengine-";
  program.remove_prefix(program.rfind('/') + 1);  // npos + 1 is 0
  if (program.starts_with(kBefore)) program.remove_prefix(kBefore.size());
  return std::string(program);
}

}  // namespace

int main(int argc, char** argv) {
  const auto word = word_of(argc > 0 ? argv[0] : "");
  return vcengine::tool_main("vcengine " + word, [&] {
    return std::visit([](const auto& request) { return vcengine::answer(request); },
                      vcengine::parse_control(word, argc, argv));
  });
}
