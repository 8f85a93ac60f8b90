// Frames that pass through a block without being copied. Pool 0 has a writer of its own; its reader, a forwarder,
// publishes on pool 1 entries that name a slot of pool 0; with HOPS=2 a second forwarder does the same to pool 2. The
// last pool has a reader that is no forwarder. A forwarder keeps its hold upstream until the entry that it published
// for it is pinned no more; where only one place of its hold table is left it copies into a slot of its own. All but
// the first writer are killed before any step, or end and exit, which is the same to the host: it lets go of a
// forwarder's page only when nobody can come to what it published any more.
//
// Corresponds to RingWriter (may_forward, forward, let_go_forwarded) and Wiring::give_back_holds, whose rule is that the
// readers downstream are let go of themselves; LET_GO_EARLY is a finer one that is not built. Loan, publish and take are those of ring.pml, a descriptor being no more than
// tag and place. There are no generations here: what a dead writer's slots hold is never written again.

#ifndef HOPS
#define HOPS 1
#endif
#ifndef FRAMES
#define FRAMES 3
#endif
#define D 1
#ifndef H
#define H 2  // holds of a forwarder: the last reader uses two
#endif
#define C (D + 1)
#define S (D + H + 1)  // the holds of direct readers are all that counts, also where frames are forwarded
#define POOLS (HOPS + 1)
#ifndef TURNS
#define TURNS 2  // slots to use before one is asked for again
#endif

// By pool: host page, writer page, the one reader's page.
bool gate[POOLS] = true, alive[POOLS] = true, closed[POOLS];  // closed: an end, or the writer is gone
byte head[POOLS], valid_from[POOLS] = 1, tag[POOLS * C], place[POOLS * C];
byte floor[POOLS] = 1, next[POOLS] = 1, hold[POOLS * H];
// By place (pool * S + slot): a sequence. Frames have the same one in all pools here.
byte payload[POOLS * S];

bool reaped[POOLS];  // of the reader of a pool: it ended or was killed, and its process is no more
#ifdef REAPED_IS_ENOUGH  // seeded
#define GONE(reader) reaped[reader]
#else
#define GONE(reader) !alive[reader]
#endif

#define MAY_DIE \
  if            \
  :: true       \
  :: mortal -> goto died  \
  fi

// A writer, of pool `p`.

// Sets `f` to the floor as it was seen last, or, if that is not `enough`, as it is.
#define NOBODY 255
inline floor_of(enough) {
  if
  :: floor_seen >= enough -> f = floor_seen  // unreached in forwarder if HOPS=2 or H=3
  :: else ->
    atomic {
      MAY_DIE;
      if
      :: gate[p] -> yes = true  // unreached in forwarder if HOPS=2 or H=3
      :: else -> f = NOBODY  // unreached in forwarder if HOPS=2 or H=3
      fi
    };
    if
    :: yes -> atomic { MAY_DIE; floor_seen = floor[p]; f = floor_seen; yes = false }  // unreached in writer, forwarder where the window is as deep as the wire
    :: else
    fi
  fi
}

// One look for all that it published: the floor before the holds.
inline look_at_pins() {
  floor_of(own_valid_from);
  atomic {
    MAY_DIE;
#ifdef PINS_WITHOUT_WINDOW  // seeded
    not_taken = f;
#else
    not_taken = (f < own_valid_from -> f : own_valid_from);
#endif
    f = 0;
    if
    :: alive[p]  // unreached in forwarder if HOPS=2 or H=3
    :: else -> i = H  // unreached in forwarder if HOPS=2 or H=3
    fi
  };
  do
  :: i == H -> i = 0; break  // unreached in forwarder if HOPS=2 or H=3
  :: else -> atomic { MAY_DIE; held_seen = held_seen | (1 << hold[p * H + i]); i++ }
  od
}
#define PINNED(sequence) ((sequence) >= not_taken || (held_seen & (1 << (sequence))))

inline reclaim() {
  look_at_pins();
  atomic {
    do
    :: s == touched -> s = 0; break  // unreached in forwarder if HOPS=2 or H=3
    :: s < touched && published_in[s] != 0 && !PINNED(published_in[s]) ->
      published_in[s] = 0; free_slots = free_slots | (1 << s); s++  // unreached in forwarder if HOPS=2 or H=3
    :: else -> s++  // unreached in forwarder if HOPS=2 or H=3
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
      :: free_slots & (1 << s) -> break  // unreached in forwarder if HOPS=2 or H=3
      :: free_slots >> (s + 1) -> s++  // unreached in writer, forwarder where one slot is enough
      od;
      free_slots = free_slots & ~(1 << s)
    :: else ->
      assert(touched < S);  // loan() always finds a slot
      s = touched; touched++
    fi
  }
}

inline publish(q, where) {
  do
  :: floor_of(q + 1 - D);
    if
    :: f > q - D -> f = 0; break
    :: else -> f = 0  // unreached in forwarder if DROP
    fi;
    if
    :: true -> !gate[p] || q - floor[p] < D  // sleeps: wakeup.pml; unreached in forwarder if DROP
    :: mortal -> goto died
    fi
  od;
  atomic {
    MAY_DIE;
    if
    :: q > D -> own_valid_from = q - D + 1; valid_from[p] = own_valid_from
    :: else
    fi
  };
  atomic { MAY_DIE; tag[p * C + q % C] = 0 };
  atomic { MAY_DIE; tag[p * C + q % C] = q; place[p * C + q % C] = where };
  atomic { MAY_DIE; head[p] = q }
}

active proctype writer() {
  byte p, q = 1, s, f, i, touched, free_slots, own_valid_from = 1, published_in[S], floor_seen, not_taken, held_seen;
  bool yes, mortal;
  do
  :: q > FRAMES -> break
  :: else ->
    loan();
    payload[s] = 0;
    payload[s] = q;
    publish(q, s);
    atomic { published_in[s] = q; s = 0; q++ }
  od;
  closed[0] = true;
died:
  skip
}

// A reader, of pool `u`.

inline wait_for_frame() {
  if
  :: true -> head[u] >= t || closed[u]
  :: mortal -> goto died
  fi
}

inline release() {
  atomic { MAY_DIE; hold[u * H + k] = 0; k = 0 }
}

// Lets go upstream of what is pinned no more downstream.
inline unpin() {
  look_at_pins();
  do
  :: k == H -> atomic { k = 0; held_seen = 0; not_taken = 0; break }
  :: k < H && (sent[k] == 0 || PINNED(sent[k])) -> k++
  :: k < H && sent[k] != 0 && !PINNED(sent[k]) ->
    atomic { MAY_DIE; hold[u * H + k] = 0; sent[k] = 0; used--; k++ }  // unreached in forwarder if H=2
  od
}

inline find_free() {
  atomic {
    do
    :: k < H && sent[k] == 0 -> break
    :: k < H && sent[k] != 0 -> k++  // and stuck where there is none
    od
  }
}

// From pool u to pool p = u + 1.
proctype forwarder(byte u) {
  byte p = u + 1, t = 1, h, w, k, used, sent[H];  // sent: by hold, the sequence of the entry that needs it
  byte s, f, i, touched, free_slots, own_valid_from = 1, published_in[S], floor_seen, not_taken, held_seen;
  bool yes, end, mortal = true;
  do
  :: atomic { MAY_DIE; end = closed[u] };
    atomic { MAY_DIE; h = head[u] };
    if
    :: t > h && end -> break
    :: t > h && !end -> wait_for_frame()
    :: t <= h ->
      if
      :: used + 1 >= H -> unpin()
      :: else
      fi;
      find_free();
      atomic { MAY_DIE; hold[u * H + k] = t };
      atomic { MAY_DIE; floor[u] = t + 1 };
      atomic { MAY_DIE; assert(tag[u * C + t % C] == t); w = place[u * C + t % C] };
      atomic { MAY_DIE; next[u] = t + 1 };
      atomic { MAY_DIE; assert(payload[w] == t) };
      if
#ifdef FORWARDS_FROM_ITS_LAST_PLACE  // seeded
      :: true ->
#else
      :: used + 1 < H ->
#endif
        publish(t, w);
#ifdef RELEASED_AT_PUBLISH  // seeded
        release()
#else
        atomic { sent[k] = t; used++; k = 0 };
        unpin()
#endif
#ifndef FORWARDS_FROM_ITS_LAST_PLACE
      :: else ->
        loan();
        atomic { MAY_DIE; payload[p * S + s] = 0 };
        atomic { MAY_DIE; assert(payload[w] == t); payload[p * S + s] = t };
        publish(t, p * S + s);
        atomic { published_in[s] = t; s = 0 };
        release()
#endif
      fi;
      atomic { w = 0; t++ }
    fi;
    atomic { h = 0; end = false }
  od;
died:  // or at its end, with what it sent still on the way
  atomic {
    t = 0; h = 0; w = 0; k = 0; used = 0; f = 0; i = 0; floor_seen = 0; not_taken = 0; held_seen = 0; touched = 0; free_slots = 0; own_valid_from = 0;
    for (k : 0 .. H - 1) { sent[k] = 0 }
    k = 0;
    for (s : 0 .. S - 1) { published_in[s] = 0 }
    s = 0; yes = false; end = false;
    reaped[u] = true
  }
}

inline let_one_go() {
  atomic { MAY_DIE; assert(payload[in[k]] == hold[u * H + k]); in[k] = 0; held-- };
  release()
}

proctype last_reader(byte u) {
  byte t = 1, h, v, k, held, in[2];  // in: by hold, the place of what it holds
  bool end, overrun, mortal = HOPS == 1;  // to keep the search of two hops small
  do
  :: atomic { MAY_DIE; end = closed[u] };
#ifdef DROP
    atomic { MAY_DIE; v = valid_from[u] };
#endif
    atomic { MAY_DIE; h = head[u] };
#ifdef DROP
    if
    :: v > t -> atomic { MAY_DIE; next[u] = v; t = v }
    :: else
    fi;
    v = 0;
#endif
    if
    :: t > h && end -> break
    :: t > h && !end -> wait_for_frame()  // it keeps what it holds: it may compare it with the next
    :: t <= h && held < 2 ->
      atomic {
        if
        :: hold[u * H] == 0
        :: else -> k = 1
        fi
      };
      atomic { MAY_DIE; hold[u * H + k] = t };
#ifdef DROP
      atomic { MAY_DIE; overrun = valid_from[u] > t };
      if
      :: !overrun ->
        atomic {
          MAY_DIE;
          in[k] = place[u * C + t % C];
          if
          :: tag[u * C + t % C] != t -> overrun = true
          :: else
          fi
        };
        if
        :: overrun -> atomic { MAY_DIE; assert(valid_from[u] > t) }
        :: else
        fi
      :: else
      fi;
#else
      atomic { MAY_DIE; floor[u] = t + 1 };
      atomic { MAY_DIE; assert(tag[u * C + t % C] == t); in[k] = place[u * C + t % C] };
#endif
      if
#ifdef DROP
      :: overrun -> in[k] = 0; overrun = false; release()
#endif
      :: !overrun ->
        atomic { MAY_DIE; next[u] = t + 1 };
        atomic {
          MAY_DIE;
          assert(payload[in[k]] == t);
          if
          :: in[k] < S -> skip  // forwarded, from pool 0
          :: else -> skip       // copied on the way
          fi;
          held++; t++; k = 0
        }
      fi
    :: t <= h && held > 0 ->
      atomic {
        if
        :: hold[u * H] != 0
        :: hold[u * H + 1] != 0 -> k = 1
        fi
      };
      let_one_go()
    fi;
    atomic { h = 0; end = false }
  od;
  do
  :: held == 0 -> break
  :: else ->
    atomic {
      if
      :: hold[u * H] != 0
      :: hold[u * H + 1] != 0 -> k = 1
      fi
    };
    let_one_go()
  od;
died:
  atomic { t = 0; h = 0; v = 0; k = 0; held = 0; in[0] = 0; in[1] = 0; end = false; overrun = false; reaped[u] = true }
}

// The host, when the reader of pool `u` is reaped.
proctype reaper(byte u) {
  byte r = u + 1, k;
  reaped[u];
  gate[u] = false;
  if
  :: r < POOLS ->
    closed[r] = true;
#ifndef LET_GO_AT_DEATH  // seeded
    // The reader downstream: is let go of itself; or, which is sooner, has come to all there is and then holds nothing.
#ifdef HOLDS_LOOKED_AT_FIRST  // seeded
    hold[r * H] == 0 || GONE(r);
    hold[r * H + 1] == 0 || GONE(r);
#endif
#ifdef LET_GO_EARLY
    next[r] > head[r] || GONE(r);
#ifndef HOLDS_LOOKED_AT_FIRST
    hold[r * H] == 0 || GONE(r);
    hold[r * H + 1] == 0 || GONE(r)
#endif
#else
    GONE(r)
#endif
#else
    skip
#endif
  :: else
  fi;
  alive[u] = false
}

#ifdef LATE_OBSERVER  // not seeded but so: see Findings in the README
// Takes the newest frame of pool 1 when its writer is long dead and what that forwarded is let go of. It has a page of its
// own, with its hold and its `alive`; but nobody asks for them any more.
active proctype observer() {
  byte t, w;
  !alive[0];
  t = head[1];
  if
  :: t != 0 ->
    atomic { assert(tag[C + t % C] == t); w = place[C + t % C] };
    assert(payload[w] == t);
    assert(payload[w] == t)
  :: else
  fi
}
#endif

init {
  byte u;
  atomic {
#ifdef DROP
    gate[HOPS] = false;
#endif
    for (u : 0 .. HOPS - 1) { run forwarder(u) }
    run last_reader(HOPS);
    for (u : 0 .. HOPS) { run reaper(u) }
  }
}
