/// What each of the commands does; each gives the status to exit with, and throws Refusal with the
/// words of the circuit if it refuses.
#pragma once

#include "tools/control/command_line.hpp"

namespace vcengine {

int answer(const PsRequest& request);
int answer(const StopRequest& request);
int answer(const BlockRequest& request);
int answer(const GetRequest& request);
int answer(const SetRequest& request);
int answer(const ReloadRequest& request);
int answer(const SwapRequest& request);
int answer(const RestartRequest& request);
int answer(const LogsRequest& request);
int answer(const LogLevelRequest& request);
int answer(const SaveRequest& request);
int answer(const PrintRequest& request);

}  // namespace vcengine
