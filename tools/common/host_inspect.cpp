#include "tools/common/host_inspect.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include "engine/control/description_json.hpp"
#include "tools/common/refusal.hpp"

namespace vcengine {
namespace {

[[noreturn]] void throw_system_error(int error, const std::string& what) {
  throw std::system_error(error, std::generic_category(), what);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 4096> some{};
  for (;;) {
    const auto count = ::read(descriptor, some.data(), some.size());
    if (count == 0) return text;
    if (count > 0) {
      text.append(some.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      throw_system_error(errno, "cannot read what the host says");
    }
  }
}

struct Answer {
  int status = 0;
  std::string output;
};

/// What the program writes to standard output and error goes to one pipe: an answer or a complaint.
Answer ask(const std::vector<std::string>& words) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw_system_error(errno, "pipe");
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (error != 0) {
    ::close(pipe[0]);
    throw_system_error(error, "cannot run " + words.front());
  }
  Answer answer;
  answer.output = read_all(pipe[0]);
  ::close(pipe[0]);
  while (::waitpid(child, &answer.status, 0) < 0 && errno == EINTR) {
  }
  return answer;
}

/// The answer: warnings about other plugins may stand before it.
std::string last_line(const std::string& text) { return text.substr(text.rfind('\n') + 1); }

}  // namespace

std::vector<BlockInfo> inspect(const std::filesystem::path& host, const std::string& what,
                               const std::vector<std::string>& plugin_folders) {
  std::vector<std::string> words{host.string(), "inspect"};
  if (!what.empty()) words.push_back(what);
  words.emplace_back("--json");
  for (const auto& folder : plugin_folders) words.insert(words.end(), {"--plugins", folder});
  auto answer = ask(words);
  while (answer.output.ends_with('\n')) answer.output.pop_back();
  if (answer.status != 0) throw Refusal(answer.output);
  try {
    std::vector<BlockInfo> types;
    const auto blocks = parse_json(last_line(answer.output));
    for (const auto& block : blocks.as_array()) types.push_back(block_info_from_json(block));
    return types;
  } catch (const std::exception& error) {
    throw Refusal(fmt::format("the host's answer about {} is not understood: {}",
                              what.empty() ? "all blocks" : what, error.what()));
  }
}

BlockInfo inspect_type(const std::filesystem::path& host, const std::string& type,
                       const std::vector<std::string>& plugin_folders) {
  for (auto& info : inspect(host, type, plugin_folders)) {
    if (info.type == type) return std::move(info);
  }
  throw Refusal(fmt::format("the host has no answer about {}", type));
}

}  // namespace vcengine
