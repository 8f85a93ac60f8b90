#include "engine/run/log_followers.hpp"

#include <chrono>

namespace vcengine {

namespace {

JsonObject event_of(const LiveLog::Line& line) {
  const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(line.time.time_since_epoch());
  JsonObject event{{"time_ms", time.count()}, {"stream", line.stream}, {"text", line.text}};
  if (!line.block.empty()) event["block"] = line.block;
  return event;
}

}  // namespace

void LogFollowers::serve(const LiveLog* log, ControlServer& server) {
  std::erase_if(followers_, [&](Follower& follower) {
    while (server.has_room(follower.call)) {
      const auto next = log == nullptr ? std::nullopt : log->next(follower.wanted.from);
      if (!next) {
        if (follower.wanted.follow) return false;
        server.answer(follower.call, {});
        return true;
      }
      if (const auto* const* line = std::get_if<const LiveLog::Line*>(&*next)) {
        server.send_event(follower.call, event_of(**line));
      } else {
        server.send_event(follower.call, {{"lost", std::get<LiveLog::Lost>(*next).lines}});
      }
    }
    return !server.is_there(follower.call);
  });
}

}  // namespace vcengine
