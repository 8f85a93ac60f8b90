// says: a_name_has_small_letters_digits_and_underscores_as_in_max_size
// not: Clang before 16, which leaves the check in a member's initialiser to run time
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::In<vcengine::Number> in{this, "", "A number"};
#else
  vcengine::In<vcengine::Number> in{this, "in", "A number"};
#endif
  void process() override {}
};

Taker taker;
