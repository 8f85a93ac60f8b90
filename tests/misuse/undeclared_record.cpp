// says: A struct: declare a vcengine::Record of it
#include <vcengine/block.hpp>

struct Point {
  double x, y;
};

#ifndef MISUSE
template <>
struct vcengine::Record<Point> {
  static constexpr std::string_view name = "point";
  static auto fields() { return std::vector{field("x", &Point::x), field("y", &Point::y)}; }
};
#endif

struct Taker final : vcengine::Block {
  vcengine::In<Point> in{this, "in", "A point"};
  void process() override {}
};

Taker taker;
