#include "edges_group.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>
#include <vector>

#include "file_descriptor.hpp"
#include "measure/processes.hpp"

namespace vcengine::bench {

namespace {

/// Replaces the process.
[[noreturn]] void execute(std::vector<std::string> arguments) {
  ::alarm(0);  // it takes minutes
  std::vector<char*> argv;
  for (auto& argument : arguments) argv.push_back(argument.data());
  argv.push_back(nullptr);
  ::execv(argv[0], argv.data());
  throw std::system_error(errno, std::generic_category(), arguments.front());
}

}  // namespace

Json measure_edges(const EdgesOptions& options, Figures& figures) {
  const FileDescriptor file(::memfd_create("edges", 0));
  if (!file) throw std::system_error(errno, std::generic_category(), "memfd_create");
  const auto path = "/proc/self/fd/" + std::to_string(file.get());
  Processes processes;
  processes.start({}, [&] {
    execute({VCENGINE_BENCH_EDGES, "--video", options.video, "--rounds",
             std::to_string(options.rounds), "--starts", std::to_string(options.starts),
             "--max-others", std::to_string(options.max_others), "--json", path});
  });
  processes.wait();

  std::ifstream in(path);
  auto document = parse_json(std::string(std::istreambuf_iterator<char>(in), {}));
  const auto& ratios = object_of(member(object_of(document, "edges"), "ratios"), "ratios");
  const auto take_over = [&](const char* theirs, const char* question) {
    const auto& spread =
        object_of(member(object_of(member(ratios, theirs), theirs), "running"), "running");
    figures.add({question, "circuit", "ratio"}, "", member(spread, "median").to_number<double>());
  };
  take_over("edges_over_one_thread", "edges/over_one_thread");
  take_over("edges_over_threaded", "edges/over_threaded");
  return document;
}

}  // namespace vcengine::bench
