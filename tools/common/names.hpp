/// Names that users choose become identifiers in C++, targets of CMake, files and keys of YAML:
/// what all four can take.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace vcengine {

/// Throw Refusal, with `what` ("block name") in the text, unless `name` is a lower-case word such
/// as edge_finder that C++, CMake and the SDK leave free.
void require_block_name(std::string_view name);
void require_family_name(std::string_view name);
/// Of a port or setting, which becomes a member of a class derived from vcengine::Block.
void require_member_name(std::string_view name, std::string_view what);
/// Of a circuit, which is no identifier.
void require_circuit_name(std::string_view name);

/// edge_finder -> EdgeFinder. Names without a lower-case letter, which belong to macros, get
/// "Block" at their end.
std::string class_name(std::string_view name);
/// edge_finder -> EdgeFinder.
std::string camel(std::string_view name);

/// `wish`, or wish_2, wish_3 … if that is taken; takes it.
std::string unique_name(std::string wish, std::set<std::string>& taken);

/// A name for a block in a circuit: YAML reads some words as something else (null, true, no …).
std::string circuit_block_name(std::string_view wish, std::set<std::string>& taken);

}  // namespace vcengine
