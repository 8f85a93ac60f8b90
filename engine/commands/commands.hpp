#pragma once

#include "engine/commands/command_line.hpp"

namespace vcengine {

ExitStatus run(const RunCommand& command);
ExitStatus debug(const DebugCommand& command);
ExitStatus check(const CheckCommand& command);
ExitStatus inspect(const InspectCommand& command);
ExitStatus rerun(const RerunCommand& command);
/// Becomes the program; returns only if there is none.
ExitStatus run_tool(const ToolCommand& command);

}  // namespace vcengine
