/// What a worker is at, and what its messages mean then: the one table of the supervisor.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace vcengine {

enum class WorkerPhase : std::uint8_t {
  greeting,        ///< launched, has not said hello
  loading,         ///< loads its plugin, constructs its block
  loaded,          ///< waits for the others
  mapping_own,     ///< maps its own pages writable
  mapped,          ///< waits for the others
  mapping_others,  ///< maps what others write, read-only
  wired,           ///< waits for its turn to start
  starting,        ///< in the block's start()
  ready,           ///< waits for the others, then runs
  running,
  finished,  ///< its block has ended and stopped; it is about to exit
  left,      ///< to a successor that waits for its place; it is about to exit
  ended,     ///< its block came to its end and is to begin anew; it is about to exit
  failed,    ///< its block gave up and said why; it is about to exit
  down,      ///< reaped; a successor is to go on
  gone,      ///< reaped
  count_,
};

enum class WorkerEvent : std::uint8_t {
  hello,
  debug_wait,  ///< its block is constructed, and it waits for a debugger
  loaded,
  mapped,
  wired,
  ready,
  finished,
  left,          ///< its block has stopped, and another process is to go on
  begins_anew,   ///< its block has ended and stopped, and is to be started again
  stop_circuit,  ///< its block asks for the end of the circuit
  answer,        ///< to an order that it was given while it runs
  failed,        ///< its block cannot go on
  died,          ///< its process was reaped, and its block is to be started again
  launched,      ///< a successor was started
  ended,         ///< its process was reaped, or none will be started any more
  count_,
};

enum class SupervisorAction : std::uint8_t {
  send_load,
  start_debugger,
  look_at_all,     ///< is everybody there? then the next step of the set-up
  block_finished,  ///< its writers need not wait for it any more
  stop_circuit,
  take_answer,      ///< of the block, for whoever asked over the control socket
  give_up,          ///< the block said why
  wait_to_restart,  ///< its neighbours keep what they have, until a successor goes on
  nothing,
  settle,  ///< a process that had nothing left to do has ended
  bury,    ///< a process ended that should not have
  refuse,  ///< a message out of turn: the worker is not what it should be
};

struct Transition {
  WorkerPhase next;
  SupervisorAction action;
};

/// What to do about an event. A message that has no place in the table is refused.
Transition transition(WorkerPhase phase, WorkerEvent event);

std::optional<WorkerEvent> event_named(std::string_view op);
std::string_view to_string(WorkerPhase phase);  ///< "loading its plugin"

}  // namespace vcengine
