// A pool over two generations of its writer and two incarnations of its reader. The first writer is killed before
// any step, or never: the host reaps it, makes a fresh writer page and payload whose first sequence is the old
// head + 1, and hands them out; readers drain the old generation, keep what they hold in its memory, and switch. The
// first reader is killed before any step, or never: on a `wait` wire its gate stays set and its successor goes on
// where it stopped; with DROP it joins as join.pml says.
//
// Corresponds to RingWriter (replace_reader), RingReader (succeed, locate) and Wiring::worker_gone; the host's part in
// successors is not built yet.
// Loan, publish and take are those of ring.pml, a descriptor being no more than its tag.

#ifndef FRAMES
#define FRAMES 3  // in both generations together
#endif
#define D 1
#define H 2  // one may be kept over the switch
#define C (D + 1)
#define S (D + H + 1)
#ifndef TURNS
#define TURNS 2  // slots to use before one is asked for again
#endif

// Host page.
bool gate = true, alive = true;
byte generation;                  // the newest that readers were handed: 0 or 1
byte incarnation, in_use;         // the reader page that writers are asked to look at, and that they do
// Writer pages and payloads, one a generation.
byte first[2] = 1, head[2], valid_from[2] = 1, end_at[2], tag[2 * C], payload[2 * S];
#define TAG(q, slot) ((q) * 16 + (slot) + 1)
#define SEQUENCE(tag) ((tag) / 16)
#define SLOT(tag) ((tag) % 16 - 1)
// Reader pages, one an incarnation.
byte floor[2] = 1, next[2] = 1, hold[2 * H];

// For the judge: what became of each frame, as bits by sequence.
byte delivered, dropped;
bool writer_dead, reader_dead, reader_over, writer_over;

#define MAY_DIE             \
  if                        \
  :: true                   \
  :: me == 0 -> goto died   \
  fi

// The writer of generation `me`; `page` is the reader page it looks at.

inline answer_host() {
  atomic {
    MAY_DIE;
    page = incarnation;
    floor_seen = 0;
    in_use = incarnation
  }
}

// Sets `f` to the floor as it was seen last on this page, or, if that is not `enough`, as it is.
#define NOBODY 255
inline floor_of(enough) {
  if
  :: floor_seen >= enough -> f = floor_seen
  :: else ->
    atomic {
      MAY_DIE;
      if
      :: gate -> yes = true
      :: else -> f = NOBODY  // unreached in writer: the gate stays open, but for GATE_CLEARED
      fi
    };
    if
    :: yes -> atomic { MAY_DIE; floor_seen = floor[page]; f = floor_seen; yes = false }
    :: else
    fi
  fi
}

// One look for all slots, the floor before the holds. The reader may die, and be succeeded, between it and the use
// of what it freed.
inline reclaim() {
#ifdef DROP
  f = NOBODY;
#else
  floor_of(own_valid_from);
#endif
  atomic {
    MAY_DIE;
    not_taken = (f < own_valid_from -> f : own_valid_from);
    f = 0;
    if
    :: alive
    :: else -> k = H
    fi
  };
  do
  :: k == H -> break
  :: else -> atomic { MAY_DIE; held_seen = held_seen | (1 << hold[page * H + k]); k++ }
  od;
  atomic {
    k = 0;
    do
    :: s == touched -> s = 0; break
    :: s < touched && published_in[s] != 0 && published_in[s] < not_taken && !(held_seen & (1 << published_in[s])) ->
      published_in[s] = 0; free_slots = free_slots | (1 << s); s++
    :: else -> s++
    od;
    held_seen = 0; not_taken = 0
  }
}

inline loan() {
  if
  :: free_slots == 0 && touched >= TURNS -> reclaim()
  :: else
  fi;
  atomic {
    if
    :: free_slots ->
      do
      :: free_slots & (1 << s) -> break
      :: free_slots >> (s + 1) -> s++  // unreached in writer where one slot is enough
      od;
      free_slots = free_slots & ~(1 << s)
    :: else ->
      assert(touched < S);  // loan() always finds a slot
      s = touched; touched++
    fi
  }
}

inline wait_for_space() {
#ifdef DROP
  skip
#else
  do
  :: floor_of(q + 1 - D);
    if
    :: f > q - D -> f = 0; break
    :: else -> f = 0
    fi;
    if
#ifdef DEAF_WHILE_WAITING  // seeded: it waits for the floor of a page that nobody moves any more
    :: true -> q - floor[page] < D
#else
    :: true ->
      if
      :: q - floor[page] < D || !gate
      :: page != incarnation -> answer_host()
      fi
#endif
    :: me == 0 -> goto died
    fi
  od
#endif
}

inline publish() {
  atomic {
    MAY_DIE;
    if
    :: q + 1 > first[me] + D -> own_valid_from = q - D + 1; valid_from[me] = own_valid_from
    :: else
    fi
  };
  atomic { MAY_DIE; tag[me * C + q % C] = 0 };
  atomic { MAY_DIE; tag[me * C + q % C] = TAG(q, s); published_in[s] = q };
  atomic { MAY_DIE; head[me] = q }
}

proctype writer(byte me; byte q) {
  byte s, k, f, page, touched, free_slots, own_valid_from = q, published_in[S], floor_seen, not_taken, held_seen;
  bool yes;
  page = in_use;
  do
  :: q > FRAMES -> break
  :: else ->
    if
    :: page != incarnation -> answer_host()
    :: true  // later
    fi;
    loan();
    atomic { MAY_DIE; payload[me * S + s] = 0 };
    atomic { MAY_DIE; payload[me * S + s] = q };
    wait_for_space();
    publish();
    atomic { s = 0; q++ }
  od;
  atomic { MAY_DIE; end_at[me] = head[me] + 1 };
  do  // its worker answers as long as it lives
  :: page != incarnation -> answer_host()
  :: page == incarnation && reader_over -> break
  od;
  atomic { writer_over = true; goto through };
died:
  atomic {
    q = 0; k = 0; f = 0; touched = 0; free_slots = 0; own_valid_from = 0; yes = false; page = 0;
    floor_seen = 0; not_taken = 0; held_seen = 0;
    for (s : 0 .. S - 1) { published_in[s] = 0 }
    s = 0;
    writer_dead = true
  };
through:
  skip
}

// The reader. `g` is the generation it reads; what it holds stays mapped, whatever that is.

inline release() {
  atomic { MAY_DIE; assert(payload[slot_of[k]] == hold[me * H + k]) };
  atomic { MAY_DIE; hold[me * H + k] = 0; slot_of[k] = 0; k = 0; held-- }
}

inline find_held() {
  if
  :: hold[me * H] != 0
  :: hold[me * H + 1] != 0 -> k = 1
  fi
}

inline find_free() {
  if
  :: hold[me * H] == 0
  :: else -> k = 1
  fi
}

// Nothing to take in this generation: the end, the next generation, or a wait.
inline ended_or_switch_or_wait() {
  atomic {
    MAY_DIE;
    if
    :: end_at[g] != 0 && t >= end_at[g] -> break
    :: else
    fi
  };
  atomic {
    MAY_DIE;
    if
    :: g < generation && t >= first[1] -> g = 1
    :: else
    fi
  };
  if
  :: true -> head[g] >= t || end_at[g] || g < generation
  :: me == 0 -> goto died
  fi
}

inline deliver() {
  atomic {
    MAY_DIE;
    slot_of[k] = g * S + SLOT(e);
    assert(payload[slot_of[k]] == t);
    assert(!((delivered | dropped) & (1 << t)));  // exactly once
    assert(g == 1 || !generation || t < first[1]);  // and in the generation that it belongs to
    delivered = delivered | (1 << t);
    held++; t++; k = 0; e = 0
  }
}

inline drop(from, to) {
  do
  :: from == to -> break
  :: else ->
    assert(!((delivered | dropped) & (1 << from)));
    dropped = dropped | (1 << from); from++
  od
}

proctype reader(byte me; byte g) {
  byte t = next[me], k, e, h, v, held, slot_of[H];
  bool overrun;
  do
  ::
#ifdef SWITCHES_UNDRAINED  // seeded
    atomic { MAY_DIE; g = generation };
#endif
#ifndef DROP
    atomic { MAY_DIE; h = head[g] };
    if
    :: t > h -> ended_or_switch_or_wait()
    :: t <= h && held < H ->
      atomic { find_free() };
      atomic { MAY_DIE; hold[me * H + k] = t };
      atomic { MAY_DIE; floor[me] = t + 1 };
      atomic { MAY_DIE; e = tag[g * C + t % C]; assert(SEQUENCE(e) == t) };
      atomic { MAY_DIE; next[me] = t + 1 };
      deliver()
    :: t <= h && held > 0 -> atomic { find_held() }; release()
    :: t <= h && dropped == 0 ->  // skip()
      atomic { MAY_DIE; next[me] = t + 1; v = t; drop(v, t + 1); v = 0 };
      atomic { MAY_DIE; floor[me] = t + 1; t++ }
    fi;
#else
    atomic { MAY_DIE; v = valid_from[g] };
    atomic {
      MAY_DIE;
      h = head[g];
      if
      :: h + 1 - D > v -> v = h + 1 - D
      :: else
      fi
    };
    if
    :: v > t -> atomic { MAY_DIE; next[me] = v; drop(t, v) }
    :: else
    fi;
    v = 0;
    if
    :: t > h -> ended_or_switch_or_wait()
    :: t <= h && held < H ->
      atomic { find_free() };
      atomic { MAY_DIE; hold[me * H + k] = t };
      atomic { MAY_DIE; overrun = valid_from[g] > t };
      if
      :: !overrun ->
        atomic { MAY_DIE; e = tag[g * C + t % C] };
        if
        :: SEQUENCE(e) != t -> atomic { MAY_DIE; assert(valid_from[g] > t); overrun = true }
        :: else
        fi
      :: else
      fi;
      if
      :: overrun -> atomic { MAY_DIE; hold[me * H + k] = 0; k = 0; e = 0; overrun = false }
      :: else ->
        atomic { MAY_DIE; next[me] = t + 1 };
        deliver()
      fi
    :: t <= h && held > 0 -> atomic { find_held() }; release()
    fi;
#endif
    h = 0
  od;
  do
  :: held == 0 -> break
  :: else -> atomic { find_held() }; release()
  od;
  atomic { reader_over = true; goto through };
died:
  atomic {
    t = 0; k = 0; e = 0; h = 0; v = 0; held = 0; overrun = false; g = 0; slot_of[0] = 0; slot_of[1] = 0;
    reader_dead = true
  };
through:
  skip
}

// The host: one part sees to the writer, one to the reader.

active proctype writers_host() {
#ifdef HEAD_READ_BEFORE_REAP  // seeded
  byte last = head[0];
#else
  byte last;
#endif
  atomic { run writer(0, 1) };
  if
  :: writer_over
  :: writer_dead ->
#ifndef HEAD_READ_BEFORE_REAP
    last = head[0];
#endif
    first[1] = last + 1;
    atomic { head[1] = last; valid_from[1] = last + 1 };
    generation = 1;
    atomic { run writer(1, last + 1) }
  fi
}

active proctype readers_host() {
  byte from, g;
  atomic { run reader(0, 0) };
  if
  :: reader_over
  :: reader_dead ->
#ifdef GATE_CLEARED  // seeded: what nobody has read yet is given away
    gate = false;
#endif
    alive = false;
    atomic { hold[0] = 0; hold[1] = 0 };  // nobody looks at them again
#ifdef DROP
    incarnation = 1;
    in_use == 1;
    atomic { g = generation; from = valid_from[g] };
    if
    :: from < next[0] -> from = next[0]
    :: else
    fi;
#else
#ifdef SUCCESSOR_AT_FLOOR  // seeded
    from = floor[0];
#elif defined(SUCCESSOR_AT_NEXT)  // seeded
    from = next[0];
#else
    from = (floor[0] > next[0] -> floor[0] : next[0]);
#endif
    // What is left of the old generation is read first.
    atomic { g = (generation && from >= first[1] -> 1 : 0) };
#endif
    atomic { floor[1] = from; next[1] = from };
    alive = true;
#ifdef GATE_CLEARED
    gate = true;
#endif
    incarnation = 1;
    atomic { run reader(1, g) }
  fi
}

active proctype judge() {
  byte q, lost;
  d_step {
    reader_over && writer_over;
#ifdef DROP
    assert(delivered & (1 << FRAMES) || reader_dead)  // the newest is never lost
#else
    for (q : 1 .. FRAMES) {
      if
      :: (delivered | dropped) & (1 << q)
      :: else -> lost++
      fi
    }
    assert(lost <= reader_dead)  // the one in the hands of who died
#endif
  }
}
