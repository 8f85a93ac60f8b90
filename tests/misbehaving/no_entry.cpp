/// A shared library like any other.
int no_entry();
int no_entry() { return 0; }
