// says: a_name_has_small_letters_digits_and_underscores_as_in_max_size
// not: Clang before 16, which leaves the check in a member's initialiser to run time
#include <vcengine/block.hpp>

struct Taker final : vcengine::Block {
#ifdef MISUSE
  vcengine::Param<int> low{this, "Low Limit", {.init = 3}, "Nothing below"};
#else
  vcengine::Param<int> low{this, "low_limit", {.init = 3}, "Nothing below"};
#endif
  void process() override {}
};

Taker taker;
