/// The checking child: loads one plugin and makes one check of one of its types. Whatever the block
/// does meanwhile costs this process alone, and so this one check.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/conformance/subject.hpp"

namespace vcengine {

/// The arguments of such a child, behind the program's name; it works in `folder`, and dies with
/// this process.
std::vector<std::string> check_arguments(const CheckRequest& request, const std::string& folder);

/// The main function of vcengine-test if its first argument is `--check`; args without argv[0].
/// Ends the process without running destructors of statics; returns, with 2, for wrong arguments.
int check_main(std::span<const char* const> args);

/// What malloc gives is filled with this byte, for a request with that seed.
std::byte heap_fill(unsigned seed);
std::byte loan_fill(unsigned seed);

}  // namespace vcengine
