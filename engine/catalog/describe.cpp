#include "engine/catalog/describe.hpp"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "engine/control/description_json.hpp"
#include "engine/show/utf8.hpp"

namespace vcengine {

namespace {

std::string signal_name(int number) {
  const char* name = ::sigabbrev_np(number);
  return name != nullptr ? std::string("SIG") + name : "signal " + std::to_string(number);
}

/// The last line that the plugin printed, if any: often the reason.
std::string last_words(const std::string& errors) {
  const auto end = errors.find_last_not_of(" \r\n\t");
  if (end == std::string::npos) return {};
  const auto before = errors.find_last_of("\r\n", end);
  const auto start = before == std::string::npos ? 0 : before + 1;
  constexpr std::size_t kLongest = 200;
  return "; it printed: " +
         printable_text(errors.substr(start, std::min(end + 1 - start, kLongest)));
}

std::string in_words(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

PluginDescription fault(PluginFault fault, std::string problem) {
  return {.types = {}, .fault = fault, .problem = std::move(problem)};
}

}  // namespace

Describer::Describer(std::filesystem::path worker, std::chrono::milliseconds timeout,
                     RunChildren run)
    : worker_(std::move(worker)), run_(std::move(run)) {
  limits_.timeout = timeout;
}

std::chrono::milliseconds Describer::timeout_from(const Environment& environment) {
  return milliseconds_from(environment, "VCENGINE_DESCRIBE_TIMEOUT_MS").value_or(kTimeout);
}

std::vector<PluginDescription> Describer::describe(
    std::span<const std::filesystem::path> files) const {
  std::vector<ChildCommand> commands;
  for (const auto& file : files) commands.push_back(command(file));
  std::vector<PluginDescription> descriptions;
  for (const auto& result : run_(commands, limits_)) descriptions.push_back(read(result));
  return descriptions;
}

PluginDescription Describer::describe(
    const std::filesystem::path& file, std::string_view type,
    std::span<const std::pair<std::string, ParamValue>> params) const {
  JsonObject settings;
  for (const auto& [name, value] : params) settings[name] = to_json(value);
  auto command = this->command(file);
  command.argv.insert(command.argv.end(),
                      {"--type", std::string(type), "--params", to_text(settings)});
  auto description = read(run_(std::span(&command, 1), limits_).at(0));
  if (description.fault == PluginFault::none && description.types.size() != 1) {
    return fault(PluginFault::in_run, "gave no clear description of '" + std::string(type) + "'");
  }
  return description;
}

ChildCommand Describer::command(const std::filesystem::path& file) const {
  return {{worker_.string(), "--describe", file.string(), "--parent", std::to_string(::getpid())}};
}

PluginDescription Describer::read(const ChildResult& result) const {
  using enum PluginFault;
  if (!result.launch_error.empty()) {
    return fault(in_surroundings, "was not described: " + result.launch_error);
  }
  if (result.timed_out) {
    return fault(in_run, "did not answer within " + in_words(limits_.timeout) +
                             " when it was described" + last_words(result.errors));
  }
  if (result.too_much_output) {
    return fault(in_file, "has a description longer than " +
                              std::to_string(limits_.output_bytes >> 20) + " MiB");
  }
  if (result.signal != 0) {
    return fault(in_run, "crashed while it was described (" + signal_name(result.signal) + ")" +
                             last_words(result.errors));
  }
  if (result.exit_status != 0 || result.output.empty()) {
    return fault(in_run, "ended the process while it was described (exit status " +
                             std::to_string(result.exit_status) + ")" + last_words(result.errors));
  }
  try {
    return plugin_description_from_json(parse_json(result.output));
  } catch (const JsonError& error) {
    return fault(in_run, "gave a description that cannot be read: " + std::string(error.what()));
  }
}

}  // namespace vcengine
