#include "tools/reference/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

namespace vcengine {
namespace {

constexpr int kBadCommand = 2;

constexpr const char* kAbout =
    "Writes a page of Markdown, with a picture, for each block type, from what it declares.";
constexpr const char* kExamples =
    "Examples:\n"
    "  vcengine reference vision.edge_detector          vision/edge_detector.md and .svg, here\n"
    "  vcengine reference plugins/mine.so --folder doc  the blocks of a plugin\n"
    "  vcengine reference --folder doc --index          all blocks, listed in doc/README.md\n"
    "A picture NAME_result.jpg (or .png) beside NAME.md is shown in it, and NAME_result.yaml "
    "named\n"
    "as the circuit that made it.";

}  // namespace

std::variant<PagesRequest, PrintRequest> parse_reference(int argc, const char* const* argv) {
  CLI::App app(kAbout, "vcengine reference");
  app.footer(kExamples);
  PagesRequest request;
  app.add_option("what", request.what, "Block types and plugin files (all block types)")
      ->type_name("TYPE|FILE");
  app.add_option("--folder", request.folder, "Where to write (here)")->type_name("DIR");
  app.add_flag("--index", request.index, "List these blocks in README.md of the folder");
  app.add_option("--plugins", request.plugin_folders, "Search this folder for plugins first")
      ->type_name("DIR")
      ->allow_extra_args(false);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return PrintRequest{app.help(), 0};
  } catch (const CLI::ParseError& error) {
    return PrintRequest{
        fmt::format("vcengine reference: {}; `vcengine reference --help` shows examples\n",
                    error.what()),
        kBadCommand};
  }
  return request;
}

}  // namespace vcengine
