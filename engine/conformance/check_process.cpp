#include "engine/conformance/check_process.hpp"

#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <optional>
#include <stdexcept>

#include "engine/catalog/describe_plugin.hpp"
#include "engine/conformance/checks.hpp"
#include "engine/control/description_json.hpp"
#include "engine/process/child_process.hpp"
#include "vcengine/registry.hpp"

namespace vcengine {

namespace {

struct Arguments {
  CheckRequest request;
  std::string folder;
  pid_t parent = 0;
};

Settings parse_settings(std::string_view text) {
  Settings settings;
  const auto json = parse_json(text);
  for (const auto& [name, value] : object_of(json, "settings")) {
    settings.emplace_back(std::string(name), param_value_from_json(value));
  }
  return settings;
}

/// In the order of check_arguments(): this program alone calls it so.
Arguments parse(std::span<const char* const> args) {
  constexpr std::size_t kCount = 9;
  if (args.size() != kCount) throw std::invalid_argument("--check is for vcengine-test itself");
  Arguments result;
  auto& request = result.request;
  request.check = args[1];
  request.plugin = args[2];
  request.type = args[3];
  request.settings = parse_settings(args[4]);
  request.frames = std::stoul(args[5]);
  request.seed = static_cast<unsigned>(std::stoul(args[6]));
  result.folder = args[7];
  result.parent = static_cast<pid_t>(std::stol(args[8]));
  return result;
}

void prepare_process(const Arguments& arguments) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != arguments.parent) ::_exit(1);  // it died before the line above
  const rlimit no_core{1, 1};  // 1: none, also where cores are piped into a program
  ::setrlimit(RLIMIT_CORE, &no_core);
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) ::unsetenv(name);  // no window pops up
  if (::chdir(arguments.folder.c_str()) != 0) throw std::runtime_error("cannot enter its folder");
  const auto seed = arguments.request.seed;
  // glibc fills with the complement.
  if (seed != 0) ::mallopt(M_PERTURB, 0xFF ^ std::to_integer<int>(heap_fill(seed)));
}

std::string hint(const std::optional<BlockInfo>& info) {
  if (!info) return "";
  std::string text;
  for (const auto& param : info->params) {
    if (param.kind == ParamKind::path) text += " --set " + param.name + "=…";
  }
  if (text.empty() && !info->params.empty()) text = " --set " + info->params.front().name + "=…";
  return text.empty() ? "" : "; a setting may help:" + text;
}

CheckAnswer skipped(std::string reason) {
  return {.status = CheckStatus::skipped, .failures = {}, .notes = {}, .reason = std::move(reason)};
}

CheckAnswer failed(std::string words) {
  return {.status = CheckStatus::failed, .failures = {std::move(words)}, .notes = {}, .reason = {}};
}

CheckAnswer run_check(const Check& check, const PluginLibrary& library, const CheckRequest& request,
                      const Progress& progress) {
  const bool needs_start = check.run != check_description;
  const auto subject =
      make_subject(request, library, progress, needs_start ? TryFrames::yes : TryFrames::no);
  Findings findings;
  if (needs_start && !subject.baseline.works) {
    findings.note("refuses all ordinary test frames: " + brief(subject.baseline.refusal));
  }
  check.run(subject, findings);
  progress.stage("after the last frame");
  return {.status = findings.failures.empty() ? CheckStatus::passed : CheckStatus::failed,
          .failures = std::move(findings.failures),
          .notes = std::move(findings.notes),
          .reason = {}};
}

/// What the hints are taken from when the block cannot even be set up.
std::optional<BlockInfo> info_without_settings(const CheckRequest& request) {
  for (auto& info : describe_plugin(request.plugin)) {
    if (info.type == request.type) return info;
  }
  return std::nullopt;
}

CheckAnswer answer(const CheckRequest& request, const Progress& progress) {
  const auto* check = find_check(request.check);
  if (check == nullptr) return failed("there is no such check");
  std::optional<BlockInfo> info;
  try {
    progress.stage("while it is loaded");
    const PluginLibrary library(request.plugin);
    detail::run_worker_hooks(1);
    info = info_without_settings(request);
    return run_check(*check, library, request, progress);
  } catch (const CheckSkipped& error) {
    return skipped(error.what());
  } catch (const StartRefused& error) {
    return skipped("it does not start: " + brief(error.what()) + hint(info));
  } catch (const PluginError& error) {
    return skipped("it cannot be set up: " + brief(error.what()) + hint(info));
  } catch (const std::exception& error) {
    return failed(brief(error.what()));
  }
}

}  // namespace

std::vector<std::string> check_arguments(const CheckRequest& request, const std::string& folder) {
  JsonObject settings;
  for (const auto& [name, value] : request.settings) settings[name] = to_json(value);
  return {"--check",
          request.check,
          request.plugin.string(),
          request.type,
          to_text(settings),
          std::to_string(request.frames),
          std::to_string(request.seed),
          folder,
          std::to_string(::getpid())};
}

int check_main(std::span<const char* const> args) {
  try {
    const auto arguments = parse(args);
    prepare_process(arguments);
    const Progress progress(ChildCommand::kOutput);
    progress.answer(answer(arguments.request, progress));
    ::_exit(0);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vcengine-test: %s\n", error.what());
    return 2;
  }
}

std::byte heap_fill(unsigned seed) { return std::byte(seed % 2 == 0 ? 0x5A : 0x69); }
std::byte loan_fill(unsigned seed) { return std::byte(seed % 2 == 0 ? 0x35 : 0xCA); }

}  // namespace vcengine
