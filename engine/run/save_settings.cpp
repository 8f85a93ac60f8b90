#include "engine/run/save_settings.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "engine/circuit/environment.hpp"
#include "file_descriptor.hpp"

namespace vcengine {

namespace fs = std::filesystem;

namespace {

std::string read_text(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in.is_open() || in.bad()) throw std::runtime_error("cannot read " + file.string());
  return text;
}

/// Beside it first: a full disk, or a reader meanwhile, never sees half a file.
void replace(const fs::path& file, const std::string& text) {
  const auto fail = [&](const char* what) {
    throw std::system_error(errno, std::generic_category(),
                            std::string(what) + ' ' + file.string());
  };
  struct stat state {};
  if (::stat(file.c_str(), &state) != 0) fail("cannot look at");
  auto name = file.string() + ".XXXXXX";
  FileDescriptor out(::mkostemp(name.data(), O_CLOEXEC));
  if (!out) fail("cannot write beside");
  std::string_view rest = text;
  bool good = ::fchmod(out.get(), state.st_mode & 07777) == 0;
  while (good && !rest.empty()) {
    const auto written = ::write(out.get(), rest.data(), rest.size());
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
    good = written > 0 || errno == EINTR;
  }
  if (good && ::rename(name.c_str(), file.c_str()) == 0) return;
  const int why = errno;
  ::unlink(name.c_str());
  errno = why;
  fail("cannot write");
}

SettingEdit edit_of(const Plan& plan, const PlannedBlock& block, const ParamInfo& param,
                    const ParamValue& value) {
  SettingEdit edit{.block = block.name, .param = param.name, .text = to_string(value)};
  edit.is_text = param.kind == ParamKind::text || param.kind == ParamKind::path;
  const auto* nanoseconds = std::get_if<std::int64_t>(&value);
  if (param.kind == ParamKind::duration && nanoseconds != nullptr) {
    edit.text = format_duration(*nanoseconds);
    edit.is_text = true;
  }
  if (param.kind == ParamKind::path && edit.text.starts_with('/')) {
    // As whoever wrote the file would: from its folder on, if it is in there.
    const auto relative = fs::path(edit.text).lexically_relative(plan.folder);
    if (!relative.empty() && *relative.begin() != "..") edit.text = relative.string();
  }
  return edit;
}

}  // namespace

SaveOutcome save_settings(const Plan& plan, const LiveSettings& settings) {
  const auto file = fs::canonical(plan.file);  // a link stays one
  const auto text = read_text(file);
  auto edited = text;
  SaveOutcome outcome;
  for (std::size_t block = 0; block < plan.blocks.size(); ++block) {
    const auto& planned = plan.blocks[block];
    for (const auto& param : planned.type.info.params) {
      if (!settings.was_tuned(block, param)) continue;
      auto edit = edit_of(plan, planned, param, settings.value(block, param));
      try {
        edited = edit_setting(edited, plan.file, process_environment(), edit);
        outcome.saved.push_back(std::move(edit));
      } catch (const SettingEditError& error) {
        outcome.left.emplace_back(std::move(edit), error.what());
      }
    }
  }
  if (edited != text) replace(file, edited);
  return outcome;
}

}  // namespace vcengine
