// says: discards qualifiers | is not viable: 'this' argument has type 'const | marked const
#include <vcengine/block.hpp>
#include <vcengine/image.hpp>

struct Taker final : vcengine::Block {
  vcengine::In<vcengine::Gray8> in{this, "in", "A picture"};
  void process() override {
#ifdef MISUSE
    in->create(4, 4, CV_8UC1);
#else
    in->clone().create(4, 4, CV_8UC1);
#endif
  }
};

Taker taker;
