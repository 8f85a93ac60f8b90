/// update_reference FOLDER: makes the pages and pictures in that folder anew. For `tools/dev
/// reference`.
#include <cstdio>
#include <exception>

#include "tests/tools/reference/shipped_reference.hpp"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: update_reference FOLDER\n", stderr);
    return 2;
  }
  try {
    vcengine::test::write_result_pictures(argv[1]);
    vcengine::test::write_shipped_pages(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "update_reference: %s\n", error.what());
    return 1;
  }
}
