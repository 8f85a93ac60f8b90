#include "engine/catalog/describe_worker.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <optional>
#include <stdexcept>

#include "engine/catalog/describe_plugin.hpp"
#include "engine/catalog/plugin_library.hpp"
#include "engine/control/description_json.hpp"
#include "engine/process/child_process.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

namespace {

struct Arguments {
  std::filesystem::path file;
  std::optional<std::string> type;
  std::vector<std::pair<std::string, ParamValue>> params;
  pid_t parent = 0;
  int output = ChildCommand::kOutput;
};

int parse_number(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) {
    throw std::invalid_argument("'" + std::string(text) + "' is no number");
  }
  return number;
}

std::vector<std::pair<std::string, ParamValue>> parse_params(std::string_view text) {
  std::vector<std::pair<std::string, ParamValue>> params;
  const auto json = parse_json(text);
  for (const auto& [name, value] : object_of(json, "params")) {
    params.emplace_back(std::string(name), param_value_from_json(value));
  }
  return params;
}

Arguments parse_arguments(std::span<const char* const> args) {
  Arguments result;
  for (std::size_t i = 0; i < args.size(); i += 2) {
    const std::string_view option = args[i];
    if (i + 1 == args.size()) throw std::invalid_argument(std::string(option) + " needs a value");
    const char* const value = args[i + 1];
    if (option == "--describe") {
      result.file = value;
    } else if (option == "--type") {
      result.type = value;
    } else if (option == "--params") {
      result.params = parse_params(value);
    } else if (option == "--parent") {
      result.parent = parse_number(value);
    } else if (option == "--fd") {
      result.output = parse_number(value);
    } else {
      throw std::invalid_argument("unknown option " + std::string(option));
    }
  }
  if (result.file.empty()) throw std::invalid_argument("--describe FILE is missing");
  return result;
}

/// Dies with the host; leaves no core file, for a plugin that crashes here is nothing to keep. The
/// limit is 1, which the kernel takes as "none" also where cores are piped into a program.
void prepare_process(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (parent != 0 && ::getppid() != parent) ::_exit(1);  // it died before the line above
  const rlimit no_core{1, 1};
  ::setrlimit(RLIMIT_CORE, &no_core);
}

PluginDescription describe(const Arguments& arguments) {
  PluginDescription result;
  try {
    result.types =
        arguments.type
            ? std::vector{describe_plugin(arguments.file, *arguments.type, arguments.params)}
            : describe_plugin(arguments.file);
  } catch (const PluginError& error) {
    result.fault = error.fault();
    result.problem = error.what();
  }
  return result;
}

}  // namespace

int describe_main(std::span<const char* const> args) {
  Arguments arguments;
  try {
    arguments = parse_arguments(args);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vcengine-worker: %s\n", error.what());
    return 2;
  }
  prepare_process(arguments.parent);
  const auto message = to_text(to_json(describe(arguments)));
  ::_exit(write_all(arguments.output, message) ? 0 : 1);
}

}  // namespace vcengine
