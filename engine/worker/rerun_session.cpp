#include "engine/worker/rerun_session.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "engine/capsule/rerun_set_up.hpp"
#include "engine/worker/worker_session.hpp"
#include "wire/futex.hpp"

namespace vcengine {

namespace {

/// What the worker said last.
std::string outcome(const Channel& host) {
  std::string text = "it ended without a word";
  bool closed = false;
  while (const auto message = host.try_receive(closed)) {
    const auto op = text_of(message->body, "op");
    if (op == "finished") text = "process() returned";
    if (op == "failed") text = text_of(message->body, "text");
  }
  return text;
}

}  // namespace

int rerun_capsule(const std::filesystem::path& folder, bool limits, CrashSite& crash_site) {
  try {
    const auto capsule = read_capsule(folder);
    auto [host, worker] = Channel::make();
    RerunSetUp(capsule, {.eventfds = !wire::has_futex_waitv(), .limits = limits}).send_all(host);
    const auto status = serve_host(std::move(worker), crash_site);
    std::fprintf(stderr, "block %s: %s\n", capsule.block.c_str(), outcome(host).c_str());
    return status;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "vcengine: %s\n", error.what());
    return EXIT_FAILURE;
  }
}

}  // namespace vcengine
