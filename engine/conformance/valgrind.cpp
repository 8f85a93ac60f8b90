#include "engine/conformance/valgrind.hpp"

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace vcengine {

namespace {

using Tree = boost::property_tree::ptree;

/// A process that was killed leaves the end of the document away.
Tree read_document(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  auto document = text.str();
  if (document.find("</valgrindoutput>") == std::string::npos) {
    const auto complete = document.rfind("</error>");
    document.resize(complete == std::string::npos ? 0 : complete + 8);
    document += "</valgrindoutput>";
  }
  std::istringstream input(document);
  Tree tree;
  try {
    boost::property_tree::read_xml(input, tree);
  } catch (const boost::property_tree::xml_parser_error& error) {
    throw std::runtime_error("valgrind's report cannot be read: " + std::string(error.what()));
  }
  return tree;
}

/// Where the plugin's own code is in a stack, innermost first.
std::optional<std::string> place_in(const Tree& error, const std::filesystem::path& plugin) {
  for (const auto& [name, stack] : error) {
    if (name != "stack") continue;
    for (const auto& [kind, frame] : stack) {
      if (kind != "frame" || frame.get("obj", "") != plugin.string()) continue;
      auto text = frame.get("fn", "code without a name");
      if (const auto source = frame.get("file", ""); !source.empty()) {
        text += " at " + source + ':' + frame.get("line", "?");
      }
      return text;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> first_error(const std::filesystem::path& file,
                                       const std::filesystem::path& plugin) {
  std::optional<std::string> first;
  std::size_t more = 0;
  const auto document = read_document(file);
  const auto errors = document.get_child_optional("valgrindoutput");
  if (!errors) throw std::runtime_error("valgrind's report is empty");
  for (const auto& [name, error] : *errors) {
    if (name != "error") continue;
    const auto place = place_in(error, plugin);
    if (!place) continue;
    if (first) {
      ++more;
      continue;
    }
    first = error.get("what", error.get("xwhat.text", "an error")) + ", in " + *place;
  }
  if (first && more > 0) *first += " (and " + std::to_string(more) + " more errors)";
  return first;
}

}  // namespace vcengine
