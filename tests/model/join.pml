// A reader joins a pool whose writer has long been running, after another that was killed or without one before
// it: the host hands the writer a fresh page, sets the bits of the host's page and only then lets the reader run.
//   kind DROP:     the writer swaps pages between two publishes and acknowledges; then `alive`; then the reader
//                  starts at join = max(valid_from, head + 1 - depth).
//   kind WAIT:     the writer answers join = head + 1 and pins and waits from there itself until it sees the gate.
//   kind OBSERVER: a place with one page for one observer after another: the observer clears it, then the host sets
//                  `alive`; when it is gone the host clears `alive`, and the next may come.
// The reader before is killed before any step, or ends; it is reaped, and only then is its bit cleared. The writer
// lives (takeover.pml); loan, publish and take are those of ring.pml, with a descriptor of no words but the tag.
//
// Corresponds to RingWriter (add_reader, replace_reader), RingReader, Observer (clear), Wiring::run and worker_gone; the
// host's part in joining is not built yet.

#ifndef FRAMES
#define FRAMES 5
#endif
#define D 1
#define C (D + 1)
#define S (D + 2)  // one hold, and one to lend
#ifndef TURNS
#define TURNS 2  // slots to use before one is asked for again
#endif

#ifdef OBSERVER
#define PAGE 0  // the place's, whoever is there
#else
#define PAGE me
#endif

// Reader 0 comes first, reader 1 joins; of a `wait` wire there is no reader before.
bool gate, alive, may_run[2];
byte asked, answered, answer;  // between host and writer, over the socket: the page to look at from now on
byte head, valid_from = 1, end_at, tag[C];
#define TAG(q, slot) ((q) * 16 + (slot) + 1)
#define SEQUENCE(tag) ((tag) / 16)
#define SLOT(tag) ((tag) % 16 - 1)
byte payload[S];
byte hold[2], floor[2], next[2] = 1, drops[2];  // of two pages; a place has one
byte join[2] = 1;

// The writer's own memory: the page it looks at, and where a joining `wait` reader will start, or 0.
byte page, pins_from;
byte touched, published_in[S], free_slots, own_valid_from = 1, floor_seen;

bool over[2], killed[2], done, writer_over;
byte delivered[2], join_of[2];

#define MAY_DIE           \
  if                      \
  :: true                 \
  :: me == 0 -> goto died \
  fi

// The writer.

// Sets `f` to the floor of a joining or joined `wait` reader, as it was seen last if that is enough.
#define NOBODY 255
inline floor_of(enough) {
  if
  :: floor_seen >= enough -> f = floor_seen
  :: else ->
    atomic {
      if
      :: gate -> gated = true
      :: else -> f = (pins_from != 0 -> pins_from : NOBODY)
      fi
    };
    if
    :: gated -> atomic { floor_seen = floor[page]; f = floor_seen; gated = false }
    :: else
    fi
  fi
}

// One look for all slots, the floor before the hold. A reader may come between it and the use of what it freed.
inline reclaim() {
#ifdef WAIT
  floor_of(own_valid_from);
#else
  f = NOBODY;
#endif
  atomic {
    not_taken = (f < own_valid_from -> f : own_valid_from);
    f = 0;
    if
    :: alive -> living = true
    :: else
    fi
  };
  if
  :: living -> atomic { held = hold[page]; living = false }
  :: else
  fi;
  atomic {
    do
    :: s == touched -> s = 0; break
    :: s < touched && published_in[s] != 0 && published_in[s] < not_taken && published_in[s] != held ->
      published_in[s] = 0; free_slots = free_slots | (1 << s); s++
    :: else -> s++
    od;
    held = 0; not_taken = 0
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
      :: free_slots >> (s + 1) -> s++
      od;
      free_slots = free_slots & ~(1 << s)
    :: else ->
      assert(touched < S);  // loan() always finds a slot
      s = touched; touched++
    fi
  }
}

inline wait_for_space() {
#ifdef WAIT
  do
#ifdef SPACE_IGNORES_ANSWER  // seeded
  :: !gate -> break
#endif
  :: floor_of(q + 1 - D);
    if
    :: f > q - D -> f = 0; break
    :: else -> f = 0
    fi;
    gate && q - floor[page] < D  // until the gate is open it waits for that
  od
#else
  skip
#endif
}

inline publish() {
  atomic {
    if
    :: q > D -> own_valid_from = q - D + 1; valid_from = own_valid_from
    :: else
    fi
  };
  tag[q % C] = 0;
  atomic { tag[q % C] = TAG(q, s); published_in[s] = q };
  head = q
}

// Between two publishes, now or later, it does what the host asks.
inline answer_host() {
#ifndef OBSERVER
  atomic {
    if
    :: asked != answered ->
      page = asked;
#ifdef WAIT
#ifndef ANSWERS_WITHOUT_PINNING  // seeded
      pins_from = head + 1;
#endif
      answer = head + 1;
#endif
      answered = asked
    :: true
    fi
  }
#else
  skip
#endif
}

active proctype writer() {
  byte q = 1, s, f, not_taken, held;
  bool gated, living;
  do
  :: q > FRAMES -> break
  :: else ->
    answer_host();
    loan();
    payload[s] = 0;
    payload[s] = q;
    wait_for_space();
    publish();
    atomic { s = 0; q++ }
  od;
  end_at = head + 1;
  do  // its worker answers as long as it lives
  :: asked != answered -> answer_host()
  :: done && asked == answered -> break
  od;
  writer_over = true
}

// The readers.

inline use() {
  atomic {
    MAY_DIE;
    assert(payload[SLOT(e)] == t);
    delivered[me]++
  };
  atomic { MAY_DIE; assert(payload[SLOT(e)] == t) };
  atomic { MAY_DIE; hold[PAGE] = 0; e = 0; t++ }
}

inline ended_or_empty() {
  atomic {
    MAY_DIE;
    if
    :: end_at != 0 && t >= end_at -> break
    :: else
    fi
  };
  if
  :: true -> head >= t || end_at
  :: me == 0 -> goto died
  fi
}

proctype reader(byte me) {
  byte t, e, h, v;
  bool overrun;
#ifdef OBSERVER
  // A page of a place: clear(), then the host is told.
#ifdef PAGE_NOT_CLEARED  // seeded
  skip;
#else
  atomic { MAY_DIE; hold[PAGE] = 0 };
  atomic { MAY_DIE; next[PAGE] = join_of[me]; drops[PAGE] = 0 };
#endif
  atomic { MAY_DIE; join[me] = join_of[me] };
#endif
  if
  :: true -> may_run[me]
  :: me == 0 -> goto died
  fi;
  t = join_of[me];
  do
  ::
#ifdef WAIT
    h = head;
    if
    :: t > h -> ended_or_empty()
    :: else ->
      hold[me] = t;
      floor[me] = t + 1;
      atomic { e = tag[t % C]; assert(SEQUENCE(e) == t) };
      next[me] = t + 1;
      use()
    fi;
#else
    atomic { MAY_DIE; v = valid_from };
    atomic {
      MAY_DIE;
      h = head;
      if
      :: h + 1 - D > v -> v = h + 1 - D
      :: else
      fi
    };
    if
    :: v > t ->
      atomic { MAY_DIE; next[PAGE] = v; v = v - t; t = t + v };
      atomic { MAY_DIE; drops[PAGE] = drops[PAGE] + v }
    :: else
    fi;
    v = 0;
    if
    :: t > h -> ended_or_empty()
    :: else ->
      atomic { MAY_DIE; assert(hold[PAGE] == 0); hold[PAGE] = t };
      atomic { MAY_DIE; overrun = valid_from > t };
      if
      :: !overrun ->
        atomic { MAY_DIE; e = tag[t % C] };
        if
        :: SEQUENCE(e) != t -> atomic { MAY_DIE; assert(valid_from > t); overrun = true }
        :: else
        fi
      :: else
      fi;
      if
      :: overrun -> atomic { MAY_DIE; hold[PAGE] = 0; e = 0; overrun = false }
      :: else ->
        atomic { MAY_DIE; next[PAGE] = t + 1 };
        use()
      fi
    fi;
#endif
    h = 0
  od;
  assert(next[PAGE] == head + 1 && delivered[me] + drops[PAGE] == head + 1 - join_of[me]);
  atomic { over[me] = true; goto through };
died:
  atomic { t = 0; e = 0; h = 0; v = 0; overrun = false; killed[me] = true };  // unreached in reader if WAIT
through:
  skip
}

// The host.

init {
  byte from, s;
#ifndef WAIT
  atomic { join_of[0] = 1; run reader(0) };
#ifdef OBSERVER
  join[0] == 1;
  skip;
#endif
  alive = true;
  may_run[0] = true;
  // It ends, or dies and is reaped, or its connection closes.
#ifdef LET_GO_ALIVE  // seeded: the place, or the bit, is taken from one that still runs
  skip;
#else
  over[0] || killed[0];
#endif
  alive = false;
#endif
#ifdef OBSERVER
  atomic { join_of[1] = valid_from; run reader(1) };
#ifndef PAGE_NOT_CLEARED
#ifdef ALIVE_NOT_WAITED  // seeded: the observer takes before its holds pin
  may_run[1] = true;
#endif
#endif
  join[1] == join_of[1];
  alive = true;
#else
  asked = 1;
#ifdef RUNS_BEFORE_SWAP  // seeded: the writer still looks at the page before
  skip;
#else
  answered == 1;
#endif
#ifdef WAIT
  atomic { from = answer; floor[1] = from; next[1] = from };
#else
  from = valid_from;
  atomic {
    if
    :: head + 1 - D > from -> from = head + 1 - D
    :: else
    fi;
    next[1] = from
  };
#endif
  atomic { join_of[1] = from; run reader(1) };
#ifdef RUNS_BEFORE_ALIVE  // seeded
  may_run[1] = true;
#endif
  alive = true;
#ifdef WAIT
  gate = true;
#endif
#endif
  may_run[1] = true;
  over[1];
  done = true;
  // The judge: no slot is lost.
  writer_over;
  d_step {
    for (s : 0 .. touched - 1) {
      if
      :: published_in[s] == 0 -> assert(free_slots & (1 << s))
      :: published_in[s] >= valid_from
      :: else ->
        assert(hold[page] != published_in[s]);
        assert(!gate || published_in[s] < floor[page])
      fi
    }
  }
}
