// One pool with a `wait` reader and a `drop_oldest` reader (or one of them, or one that is waited for until it is let go), each on its own page: loan, publish, look, take,
// skip, release. Everyone may be killed before any step. A step is one load or one store of one shared word,
// with whatever its process then does in its own memory. The payload of a slot is the sequence whose content
// it has, 0 while it is being filled.
//
// Corresponds to RingWriter (try_loan, reclaim, look_at_pins, floor_of, has_space, publish, end), RingReader (locate, copy, take,
// skip, release_hold) and Wiring::worker_gone. What is `seeded` is a bug that spin must find.

#ifndef FRAMES
#define FRAMES 3  // to publish
#endif
#ifndef D
#define D 1  // depth of both wires
#endif
#ifndef H
#define H 1  // holds of each reader: 1 or 2
#endif
#ifndef E
#define E 0  // frames by which the `wait` wire may grow deeper while it runs
#endif
#ifndef C
#define C (D + E + 1)  // lines of the ring: as few as can work, so that they are overwritten early
#endif

#ifdef AWAITED  // the `drop_oldest` reader is waited for, until the host lets go of it (wait_while_open)
#define ONLY_DROP
#endif

#if defined(ONLY_WAIT) || defined(ONLY_DROP)
#define READERS 1
#else
#define READERS 2
#endif
#define WAIT 0
#define DROP (READERS - 1)
#ifndef ONLY_DROP
#define WITH_WAIT
#endif
#ifndef ONLY_WAIT
#define WITH_DROP
#define OVERRUNS(reader) (reader == DROP)
#else
#define OVERRUNS(reader) false
#endif
#if defined(WITH_WAIT) || defined(AWAITED)
#define WITH_FLOOR
#endif
#define WRITER READERS

// Frames that the window covers: what the deepest `drop_oldest` reader may find, at least the one of an observer.
#ifdef WITH_DROP
#define W D
#else
#define W 1
#endif
#define HOLDS (READERS * H)

#ifndef TURNS
#define TURNS 2  // slots to use before one is asked for again
#endif

#ifdef TOO_FEW_SLOTS  // seeded: what can be pinned takes all, nothing is left to lend
#define S (D + E + HOLDS)
#else
#define S (D + E + HOLDS + 1)  // L = 1; the code has one more
#endif

// Host page.
bool gate = true, alive[READERS] = true, gone;
byte deeper;
// Writer page. A tag is the sequence and the slot, counted from 1, as in the code.
byte head, valid_from = 1, end_at, tag[C], desc[C];
#define TAG(q, slot) ((q) * 16 + (slot) + 1)
#define SEQUENCE(tag) ((tag) / 16)
#define SLOT(tag) ((tag) % 16 - 1)
// Payload.
byte payload[S];
// Reader pages.
byte floor = 1, next[READERS] = 1, hold[HOLDS], drops[READERS];

// The writer's own memory.
byte touched, published_in[S], free_slots, own_valid_from = 1;
byte floor_seen, not_taken, held_seen;  // held_seen: bits by sequence, the lowest for no frame
#ifdef HOLDS_REMEMBERED
bool looked;
#endif

// For the judge: who is through with all, who died on the way, what take() gave to the block, and whether a
// reader is between the store of `next` and the count of what it passed.
// (With DROPS_NAME_NEXT the count of drops and the `next` that goes with it are one word: a cure to be.)
byte named[READERS] = 1;
bool over[READERS + 1], killed[READERS + 1], dropping[READERS];
byte delivered[READERS];

#ifdef DROPS_NAME_NEXT
#define STRICT_ACCOUNTING
#define NAME(sequence) named[me] = sequence
#define PASSED(reader) ((named[reader] > next[reader] -> named[reader] : next[reader]) - 1)
#else
#define NAME(sequence)
#define PASSED(reader) (next[reader] - 1)
#endif

#define MAY_DIE \
  if            \
  :: true       \
  :: goto died  \
  fi

// The writer.

// Adds what reader r holds to `held_seen`.
inline look_at_holds(r) {
  atomic {
    MAY_DIE;
    if
    :: alive[r]
    :: else -> k = H
    fi
  };
  do
  :: k == H -> break
  :: else -> atomic { MAY_DIE; held_seen = held_seen | (1 << hold[r * H + k]); k++ }
  od;
  k = 0
}

// Sets `f` to the floor as it was seen last, or, if that is not `enough`, as it is; to NOBODY where nobody waits.
#define NOBODY 255
inline floor_of(enough) {
  if
  :: floor_seen >= enough -> f = floor_seen  // unreached in writer where it asks for space with nothing seen
  :: else ->
    atomic {
      MAY_DIE;
      if
      :: gate -> gated = true
      :: else -> f = NOBODY
      fi
    };
    if
    :: gated -> atomic { MAY_DIE; floor_seen = floor; f = floor; gated = false }  // unreached in writer where the window is as deep as the wire
    :: else
    fi
  fi
}

// One look for all slots: below `not_taken` nobody will come for a frame any more, and `held_seen` are those that somebody
// has. The floor before the holds.
inline look_at_pins() {
  f = NOBODY;
#ifdef HOLDS_BEFORE_FLOOR  // seeded
  look_at_holds(WAIT);
#endif
#ifdef WITH_FLOOR
  floor_of(own_valid_from);
#endif
  atomic {
#ifdef WINDOW_AHEAD  // seeded: the window of the frame to come, which no reader was told yet
    not_taken = (f < q - W + 1 -> f : q - W + 1);
#else
    f = (f < own_valid_from -> f : own_valid_from);
    assert(f >= not_taken);  // so who goes through slots in their order, and through those held over, misses none
    not_taken = f;
#endif
    f = 0
  };
#ifdef HOLDS_REMEMBERED  // seeded: the holds as they were at the first look
  if
  :: !looked -> look_at_holds(WAIT); looked = true
  :: else
  fi
#else
#ifndef HOLDS_BEFORE_FLOOR
  look_at_holds(WAIT);
#endif
#if READERS > 1
  look_at_holds(DROP)
#endif
#endif
}

// Frees all that the look allows. The slots may be used much later.
inline reclaim() {
  look_at_pins();
  atomic {
    do
    :: s == touched -> s = 0; break
    :: s < touched && published_in[s] != 0 && published_in[s] < not_taken && !(held_seen & (1 << published_in[s])) ->
      published_in[s] = 0; free_slots = free_slots | (1 << s); s++
    :: else -> s++
    od;
#ifndef HOLDS_REMEMBERED
    held_seen = 0
#endif
  }
}

// Gives the slot `s`: any of those that are free, or one that was never used. Asks only if there are none of the former
// and few of the latter.
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

// How the writer sleeps meanwhile and is woken: wakeup.pml.
inline wait_for_space() {
#if defined(WITH_FLOOR) && !defined(WAITS_FOR_NOBODY)  // seeded
  do
  :: floor_of(q + 1 - D);
    if
    :: f > q - D -> f = 0; break
    :: else ->
      atomic {
        MAY_DIE;
        if
        :: f + deeper > q - D ->
#ifdef SPACE_IS_FLOOR  // seeded: there is space, so everything before it counts as taken
          floor_seen = q + 1 - D;
#endif
          f = 0;
          break
        :: else -> f = 0
        fi
      }
    fi;
    if
    :: true -> !gate || q - floor < D + deeper
    :: goto died
    fi
  od
#else
  skip
#endif
}

inline move_window() {
  atomic {
    MAY_DIE;
    if
    :: q > W -> own_valid_from = q - W + 1; valid_from = own_valid_from
    :: else
    fi
  }
}

inline publish() {
#ifdef HEAD_BEFORE_ENTRY  // seeded
  atomic { MAY_DIE; head = q };
#endif
  move_window();
#ifndef TAG_NOT_CLEARED  // seeded
  atomic { MAY_DIE; tag[q % C] = 0 };
#endif
  atomic { MAY_DIE; desc[q % C] = q };
  atomic { MAY_DIE; tag[q % C] = TAG(q, s); published_in[s] = q };
  atomic { MAY_DIE; head = q }
}

active proctype writer() {
  byte q = 1, s, k, f;
  bool gated;
  do
  :: q > FRAMES -> break
  :: else ->
    loan();
    atomic { MAY_DIE; payload[s] = 0 };
    atomic { MAY_DIE; payload[s] = q };
    wait_for_space();
    publish();
    atomic { s = 0; q++ }
  od;
  atomic { MAY_DIE; end_at = head + 1 };
  atomic { over[WRITER] = true; goto through };
died:  // the host reaps it
  atomic { q = 0; s = 0; k = 0; f = 0; gated = false; floor_seen = 0; not_taken = 0; held_seen = 0; killed[WRITER] = true };
  atomic { gone = true; over[WRITER] = true };
through:
  skip
}

// The readers.

// What copy() does when the entry is not, or no longer, that of frame t.
inline overrun_or_corrupt() {
  atomic {
    MAY_DIE;
    assert(OVERRUNS(me) && valid_from > t);  // or a healthy wire is called corrupt
    overrun = true
  }
}

inline copy() {
  atomic { MAY_DIE; e = tag[t % C] };
  if
  :: SEQUENCE(e) != t -> overrun_or_corrupt()
  :: else ->
    atomic { MAY_DIE; d = desc[t % C] };
    atomic {
      MAY_DIE;
      if
      :: tag[t % C] != e -> changed = true
      :: else -> assert(d == t)
      fi
    };
    if
    :: changed -> atomic { changed = false; overrun_or_corrupt() }  // unreached in wait_reader, rightly
    :: else
    fi
  fi
}

// Goes on to frame v and counts those before it as dropped.
inline pass() {
#if defined(DROPS_NAME_NEXT) || defined(DROPS_BEFORE_NEXT)  // the latter is seeded
  atomic { MAY_DIE; drops[me] = drops[me] + v - t; NAME(v) };
  atomic { MAY_DIE; next[me] = v; t = v; v = 0 }
#else
  atomic { MAY_DIE; next[me] = v; dropping[me] = true; v = v - t; t = t + v };
  atomic { MAY_DIE; drops[me] = drops[me] + v; dropping[me] = false; v = 0 }
#endif
}

// The block uses the frame, from here to its release.
inline deliver() {
  atomic {
    MAY_DIE;
    slot_of[k] = SLOT(e);
    assert(payload[slot_of[k]] == t);
    delivered[me]++; held++; t++; k = 0; e = 0; d = 0
  }
}

inline release() {
  atomic { MAY_DIE; assert(payload[slot_of[k]] == hold[me * H + k]) };
  atomic { MAY_DIE; hold[me * H + k] = 0; slot_of[k] = 0; k = 0; held-- }
}

inline find_free() {
#if H > 1
  if
  :: hold[me * H] == 0
  :: else -> k = 1
  fi
#else
  skip
#endif
}

// Any of those in use.
inline find_held() {
#if H > 1
  if
  :: hold[me * H] != 0
  :: hold[me * H + 1] != 0 -> k = 1
  fi
#else
  skip
#endif
}

// Dead: its memory no longer matters, and after the reaping nor do its holds.
inline forget() {
  t = 0; k = 0; e = 0; d = 0; h = 0; v = 0; held = 0; overrun = false; changed = false; saw_gone = false;
  do
  :: k == H -> break
  :: else -> slot_of[k] = 0; k++
  od;
  k = 0
}

inline reap() {
  atomic {
    alive[me] = false;
    do
    :: k == H -> break
    :: else -> hold[me * H + k] = 0; k++
    od;
    over[me] = true
  }
}

inline let_all_go() {
  do
  :: held == 0 -> break
  :: else -> atomic { find_held() }; release()
  od
}

inline wait_for_frame() {
  if
  :: true -> head >= t || end_at || gone  // from here on it will not die: no deadlock hides behind a death
  :: goto died
  fi
}

// Sets `ended` where nothing will come any more; waits where something may.
inline ended_or_empty() {
  atomic {
    MAY_DIE;
    if
    :: (end_at != 0 && t >= end_at) || saw_gone -> break
    :: else
    fi
  };
  wait_for_frame()
}

#ifdef WITH_WAIT
active proctype wait_reader() {
  byte me = WAIT, t = 1, k, e, d, h, v, held, slot_of[H];
  bool overrun, changed, saw_gone;
  do
  :: // locate(): looks at nothing while it knows of a frame; else first whether the writer is gone, so that the head is its last
    if
    :: t <= h
    :: else ->
#ifdef GONE_AFTER_HEAD  // seeded
      atomic { MAY_DIE; h = head };
      atomic { MAY_DIE; saw_gone = gone }
#else
      atomic { MAY_DIE; saw_gone = gone };
      atomic { MAY_DIE; h = head }
#endif
    fi;
    if
    :: t > h -> ended_or_empty()
    :: t <= h && held < H ->  // take()
      atomic { find_free() };
#ifdef CLAIM_BEFORE_HOLD  // seeded
      atomic { MAY_DIE; floor = t + 1 };
      atomic { MAY_DIE; hold[me * H + k] = t };
#else
      atomic { MAY_DIE; hold[me * H + k] = t };
      atomic { MAY_DIE; floor = t + 1 };
#endif
      copy();
      atomic { MAY_DIE; next[me] = t + 1 };
      deliver()
    :: t <= h && held > 0 -> atomic { find_held() }; release()
#ifdef SKIPS
    :: t <= h && drops[me] < 1 ->  // skip()
      v = t + 1;
      pass();
      atomic { MAY_DIE; floor = t }
#endif
    fi;
    saw_gone = false
  od;
  let_all_go();
  atomic { over[me] = true; goto through };
died:
  atomic { forget(); killed[me] = true };
  gate = false;
  reap();
through:
  skip
}
#endif

#ifdef WITH_DROP
active proctype drop_reader() {
  byte me = DROP, t = 1, k, e, d, h, v, held, slot_of[H];
  bool overrun, changed, saw_gone;
  do
  :: atomic { MAY_DIE; saw_gone = gone };
    atomic { MAY_DIE; v = valid_from };
    atomic {
      MAY_DIE;
      h = head;
      assert(v <= h + 1);  // or: corrupt, the window starts after the head
      if
      :: h + 1 - D > v -> v = h + 1 - D
      :: else
      fi
    };
    if
    :: v > t ->
#ifdef AWAITED
      assert(!gate);  // or a frame is lost that the writer was to wait for
#endif
      pass()
    :: else -> v = 0
    fi;
    if
    :: t > h -> ended_or_empty()
    :: t <= h && held < H ->  // take(): either the writer sees the hold, or we that the window moved
      atomic { find_free() };
      atomic { MAY_DIE; hold[me * H + k] = t };
#ifndef NO_SECOND_LOOK  // seeded
      atomic { MAY_DIE; overrun = valid_from > t };
#endif
      if
      :: !overrun -> copy()
      :: else
      fi;
      if
      :: overrun -> atomic { MAY_DIE; hold[me * H + k] = 0; k = 0; e = 0; d = 0; overrun = false }
      :: else ->
        atomic { MAY_DIE; next[me] = t + 1 };
#if defined(AWAITED) && !defined(KEEPS_ITS_FLOOR)  // seeded
        atomic { MAY_DIE; floor = t + 1 };
#endif
        deliver()
      fi
    :: t <= h && held > 0 -> atomic { find_held() }; release()
    fi;
    atomic { h = 0; saw_gone = false }
  od;
  let_all_go();
  atomic { over[me] = true; goto through };
died:
  atomic { forget(); killed[me] = true };
#ifdef AWAITED
  gate = false;
#endif
  reap();
through:
  skip
}
#endif

#if E > 0
active proctype deepening_host() { deeper = E }
#endif

#ifdef AWAITED
active proctype host_that_lets_go() {
  if
  :: gate = false
  :: true
  fi
}
#endif

#ifdef ALIVE_BEFORE_REAP  // seeded: the host lets go of a reader that still runs
active proctype hasty_host() { alive[WAIT] = false }
#endif

// When everybody is through, or dead and reaped.
active proctype judge() {
  byte r, s, k;
  d_step {
    over[WRITER] && over[WAIT] && over[DROP];
    for (r : 0 .. READERS - 1) {
      if
      :: !killed[r] ->
        assert(next[r] == head + 1);  // drained, also what a dead writer left
        assert(delivered[r] + drops[r] == head)
      :: else ->
        assert(drops[r] <= PASSED(r));
        if
#ifndef STRICT_ACCOUNTING
        :: dropping[r]  // the README's finding: what it dropped counts as taken
#endif
        :: else -> assert(PASSED(r) - drops[r] - delivered[r] <= 1)  // the frame that was being taken
        fi
      fi
    }
    if
    :: killed[WRITER]  // its slots go with its generation
    :: else ->
      for (s : 0 .. touched - 1) {
        if
        :: published_in[s] == 0 -> assert(free_slots & (1 << s))
        :: published_in[s] >= valid_from
        :: else ->
          for (k : 0 .. HOLDS - 1) { assert(!alive[k / H] || hold[k] != published_in[s]) }
#ifdef WITH_FLOOR
          assert(!gate || published_in[s] < floor)
#endif
        fi
      }
    fi
  }
}
