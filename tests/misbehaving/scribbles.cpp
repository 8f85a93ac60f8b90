/// Passes numbers on, and writes random bytes over all shared memory that this process may write
/// to.
#include <vcengine/block.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Scribbles final : vcengine::Block {
  vcengine::In<vcengine::Number> in{this, "in", "Any number"};
  vcengine::Out<vcengine::Number> out{this, "out", "The same"};
  vcengine::Param<int> from{this, "from", {.min = 1, .init = 20}, "Begins with this call"};
  vcengine::Param<int> seed{this, "seed", {.min = 0, .init = 1}, "Of the random bytes"};
  vcengine::Param<std::string> pages{
      this, "pages", {.init = "all"}, "What to write over: reader, ring, status or all"};

  void process() override {
    if (++calls_ == from) random_.seed(static_cast<std::uint64_t>(seed.get()));
    if (calls_ >= from) scribble();
    out.publish(*in);
  }

 private:
  struct Range {
    std::uintptr_t first, last;
  };

  /// The writable ones among "7f0c…-7f0c… rw-s … /memfd:vcengine:reader (deleted)".
  std::vector<Range> own_pages() const {
    std::vector<Range> ranges;
    std::ifstream maps("/proc/self/maps");
    const auto wanted = "/memfd:vcengine:" + (pages.get() == "all" ? "" : pages.get());
    for (std::string line; std::getline(maps, line);) {
      if (line.find(wanted) == std::string::npos || line.find(" rw-s ") == std::string::npos)
        continue;
      Range range{};
      char dash = 0;
      std::istringstream(line) >> std::hex >> range.first >> dash >> range.last;
      ranges.push_back(range);
    }
    return ranges;
  }

  void scribble() {
    for (const auto& [first, last] : own_pages()) {
      for (int i = 0; i < 100; ++i) {
        const auto value = random_() % 2 == 0 ? random_() : random_() % 64;
        const auto size = std::min<std::uintptr_t>(last - first, std::uintptr_t{1} << 16);
        const auto at = first + random_() % (size / sizeof value) * sizeof value;
        std::memcpy(reinterpret_cast<void*>(at), &value, sizeof value);
      }
    }
  }

  int calls_ = 0;
  std::mt19937_64 random_;
};

}  // namespace

VCENGINE_PLUGIN(registry) {
  registry.add<Scribbles>("misbehaving.scribbles", "Writes random bytes over its shared memory");
}
