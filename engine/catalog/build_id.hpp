#pragma once

#include <string>

namespace vcengine {

/// The build id of the loaded file that this address is of, as linkers put it in: "3f2a…", in
/// hexadecimal. Empty if it has none. From the memory of this process: the file may have been
/// exchanged since it was loaded.
std::string build_id_at(const void* address);

}  // namespace vcengine
