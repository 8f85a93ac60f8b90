// says: a record is copied as bytes between processes
#include <string>
#include <vcengine/block.hpp>

struct Named {
  double x;
#ifdef MISUSE
  std::string name;
#endif
};

template <>
struct vcengine::Record<Named> {
  static constexpr std::string_view name = "named";
  static auto fields() { return std::vector{field("x", &Named::x)}; }
};

struct Taker final : vcengine::Block {
  vcengine::In<Named> in{this, "in", "A point with a name"};
  void process() override {}
};

Taker taker;
