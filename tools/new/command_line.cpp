#include "tools/new/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/new/port_spec.hpp"

namespace vcengine {
namespace {

constexpr int kBadCommand = 2;

constexpr const char* kAbout = "Writes a new block, or a new circuit, that works at once.";
constexpr const char* kExamples =
    "Examples:\n"
    "  vcengine new block edge_finder --in image:Bgr8 --out edges:Gray8 --param "
    "low:int:0..1000=85\n"
    "  vcengine new circuit street io.video_file vision.edge_detector io.screen\n"
    "  vcengine new --list-types";
constexpr const char* kBlockAbout =
    "Makes a folder NAME with a block, its test, a CMake project, a circuit and a README.";
constexpr const char* kBlockExamples =
    "Examples:\n"
    "  vcengine new block edge_finder       one picture in, one out, one setting\n"
    "  vcengine new block vision.blend --in image:Bgr8 --in mask:Gray8:optional --out result:Bgr8\n"
    "  vcengine new block sensor --out value:Number --param 'unit:text:m|ft=m'\n"
    "Without --in it is a source, without --out a sink. `vcengine new --list-types` lists types.";
constexpr const char* kCircuitAbout =
    "Writes NAME.yaml: block types in a row, wired by the types of their ports.";
constexpr const char* kCircuitExamples =
    "Examples:\n"
    "  vcengine new circuit street          a source and a screen\n"
    "  vcengine new circuit street io.video_file vision.edge_detector io.screen\n"
    "`vcengine inspect` lists the types there are.";

std::string rows(std::string_view first, std::string_view second, std::string_view third) {
  return fmt::format("  {:<13} {:<28} {}\n", first, second, third);
}

void add_repeated(CLI::App& app, const std::string& name, std::vector<std::string>& words,
                  const std::string& form, const std::string& help) {
  app.add_option(name, words, help)->type_name(form)->allow_extra_args(false);
}

}  // namespace

std::string type_list() {
  auto text = "Port types:\n" + rows("TYPE", "a block sees", "for");
  for (const auto& type : port_type_help()) text += rows(type.name, type.seen_as, type.use);
  text += fmt::format(
      "\nAn array's element is one of {}.\n"
      "--in NAME:TYPE waits for a frame in each call; NAME:TYPE:latest is read at its newest "
      "value,\n"
      ":optional may stay unwired, :many takes any number of wires. --out NAME:TYPE.\n"
      "A struct of your own becomes a type in C++: see Record in vcengine/types.hpp.\n\n"
      "Parameter types:\n",
      element_names());
  text += rows("TYPE", "a block sees", "--param");
  for (const auto& type : param_type_help()) text += rows(type.name, type.cpp, type.example);
  return text;
}

Request parse_new(int argc, const char* const* argv) {
  CLI::App app(kAbout, "vcengine new");
  app.footer(kExamples);
  app.require_subcommand(0, 1);
  bool list = false;
  app.add_flag("--list-types", list, "List the types of ports and parameters");

  BlockRequest block;
  auto* block_app = app.add_subcommand("block", kBlockAbout);
  block_app->footer(kBlockExamples);
  block_app->add_option("name", block.words.name, "Such as edge_finder, or vision.edge_finder")
      ->required()
      ->type_name("NAME");
  add_repeated(*block_app, "--in", block.words.inputs, "NAME:TYPE[:latest|:optional|:many]",
               "An input");
  add_repeated(*block_app, "--out", block.words.outputs, "NAME:TYPE", "An output");
  add_repeated(*block_app, "--param", block.words.params, "NAME:TYPE[:MIN..MAX|:a|b|c][=VALUE]",
               "A setting");
  block_app->add_option("--doc", block.words.doc, "What it does, in a few words")
      ->type_name("TEXT");
  block_app->add_option("--family", block.words.family, "The first word of its type (my)")
      ->type_name("WORD");
  block_app->add_option("--folder", block.folder, "Where to make its folder (here)")
      ->type_name("DIR");

  CircuitRequest circuit;
  auto* circuit_app = app.add_subcommand("circuit", kCircuitAbout);
  circuit_app->footer(kCircuitExamples);
  circuit_app->add_option("name", circuit.name, "Name of the circuit and its file")
      ->required()
      ->type_name("NAME");
  circuit_app->add_option("types", circuit.types, "Block types, from the source on")
      ->type_name("TYPE");
  add_repeated(*circuit_app, "--plugins", circuit.plugin_folders, "DIR",
               "Search this folder for plugins first");
  circuit_app->add_option("--folder", circuit.folder, "Where to write it (here)")->type_name("DIR");

  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    const auto* asked = block_app->parsed()     ? block_app
                        : circuit_app->parsed() ? circuit_app
                                                : &app;
    return PrintRequest{asked->help(asked == &app ? "" : app.get_name()), 0};
  } catch (const CLI::ParseError& error) {
    return PrintRequest{
        fmt::format("vcengine new: {}; `vcengine new --help` shows examples\n", error.what()),
        kBadCommand};
  }
  if (list) return PrintRequest{type_list(), 0};
  if (block_app->parsed()) return block;
  if (circuit_app->parsed()) return circuit;
  return PrintRequest{app.help(), kBadCommand};
}

}  // namespace vcengine
