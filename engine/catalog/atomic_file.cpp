#include "engine/catalog/atomic_file.hpp"

#include <fcntl.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <system_error>

#include "file_descriptor.hpp"

namespace vcengine {

bool replace_file(const std::filesystem::path& file, std::string_view content) {
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) return false;
  std::string temporary =
      file.native() + ".XXXXXX";  // in the same folder: a rename stays on one disk
  const FileDescriptor descriptor(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!descriptor) return false;
  const bool written =
      write_all(descriptor.get(), content) && ::rename(temporary.c_str(), file.c_str()) == 0;
  if (!written) ::unlink(temporary.c_str());
  return written;
}

}  // namespace vcengine
