// A pool whose writer and reader are killed before any step, each up to DEATHS times, and whose successors go on with
// the same pages. The host reaps who died and touches nothing. What a writer knows of its slots it finds in the
// content table; a reader begins at the larger of floor and next, counts as lost what was taken and not completed, and
// lets go of what its predecessor held. -DASKS_EACH_TIME: each loan asks first which slots are free, as where slots are large.
//
// Corresponds to RingWriter::take_over and RingReader::take_over, let_go_inherited, complete. Loan, publish and take
// are those of ring.pml, a descriptor being no more than its tag; nobody sleeps, frames are not skipped.

#ifndef FRAMES
#define FRAMES 3
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#define D 1
#define H 2  // one may be kept while the next is taken
#define C (D + 1)
#define S (D + H + 1)

// Writer page and payload.
byte head, valid_from = 1, end_at, tag[C], content[S], payload[S];
#define TAG(q, slot) ((q) * 16 + (slot) + 1)
#define SEQUENCE(tag) ((tag) / 16)
#define SLOT(tag) ((tag) % 16 - 1)
// Reader page.
byte floor = 1, next = 1, hold[H], completed, superseded, lost;

// For the judge: frames that the block was given, and those that it worked on to the end, as bits by sequence.
byte given, finished, writer_deaths, reader_deaths;

#define MAY_DIE                        \
  if                                   \
  :: true                              \
  :: deaths < DEATHS -> goto died      \
  fi

// One look for all slots, the floor before the holds.
inline reclaim() {
#ifdef DROP
  atomic { MAY_DIE; not_taken = own_valid_from };
#else
  atomic { MAY_DIE; not_taken = (floor < own_valid_from -> floor : own_valid_from) };
#endif
  do
  :: k == H -> break
  :: else -> atomic { MAY_DIE; held_seen = held_seen | (1 << hold[k]); k++ }
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
#ifdef ASKS_EACH_TIME
  reclaim();
#else
  if
  :: free_slots == 0 -> reclaim()
  :: else
  fi;
#endif
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

inline publish() {
#ifndef CONTENT_AFTER_HEAD
  atomic { MAY_DIE; content[s] = q };
#endif
  atomic {
    MAY_DIE;
    if
    :: q > D -> own_valid_from = q - D + 1; valid_from = own_valid_from
    :: else
    fi
  };
  atomic { MAY_DIE; tag[q % C] = 0 };
  atomic { MAY_DIE; tag[q % C] = TAG(q, s); published_in[s] = q };
  atomic { MAY_DIE; head = q };
#ifdef CONTENT_AFTER_HEAD  // seeded
  atomic { MAY_DIE; content[s] = q };
#endif
  skip
}

#ifdef BELOW_WINDOW_IS_FREE  // seeded
#define IS_PUBLISHED(q) ((q) >= valid_from && (q) <= head)
#else
#define IS_PUBLISHED(q) ((q) != 0 && (q) <= head)
#endif

active proctype writer() {
  byte q, s, k, touched, free_slots, own_valid_from, published_in[S], not_taken, held_seen, named, deaths;
begin:
  // It looks at its own page alone: no step of anybody else matters in between.
  atomic {
    q = head + 1; own_valid_from = valid_from;
    for (s : 0 .. S - 1) {
      if
      :: content[s] != 0 -> touched = s + 1
      :: else
      fi
    }
    for (s : 0 .. S - 1) {
      if
      :: IS_PUBLISHED(content[s]) ->
        assert(!(named & (1 << content[s])));  // no frame is in two slots
        named = named | (1 << content[s]);
        published_in[s] = content[s]
      :: !IS_PUBLISHED(content[s]) && s < touched ->
#ifndef KEEPS_A_NUMBER  // seeded
        content[s] = (content[s] > head -> 0 : content[s]);
#endif
        free_slots = free_slots | (1 << s)
      :: else
      fi
    }
    s = 0; named = 0
  };
  do
  :: q > FRAMES -> break
  :: else ->
    loan();
    atomic { MAY_DIE; payload[s] = 0 };
    atomic { MAY_DIE; payload[s] = q };
#ifndef DROP
    if
    :: true -> floor + D > q  // has_space()
    :: deaths < DEATHS -> goto died
    fi;
#endif
    publish();
    atomic { s = 0; q++ }
  od;
  atomic { MAY_DIE; end_at = head + 1; goto through };
died:
  atomic {
    deaths++; writer_deaths++;
    q = 0; s = 0; k = 0; touched = 0; free_slots = 0; own_valid_from = 0; not_taken = 0; held_seen = 0;
    for (s : 0 .. S - 1) { published_in[s] = 0 }
    s = 0;
    goto begin
  };
through:
  skip
}

inline release() {
  atomic { MAY_DIE; assert(payload[slot_of[k]] == hold[k]) };
  atomic { MAY_DIE; hold[k] = 0; slot_of[k] = 0; k = 0; held-- }
}

inline find_held() {
  if
  :: hold[0] != 0
  :: hold[1] != 0 -> k = 1
  fi
}

inline find_free() {
  if
  :: hold[0] == 0
  :: else -> k = 1
  fi
}

inline give() {
  atomic {
    MAY_DIE;
    slot_of[k] = SLOT(e);
    assert(payload[slot_of[k]] == t);
    assert(!(given & (1 << t)));  // never twice
    given = given | (1 << t);
    held++; t++; k = 0; e = 0
  };
  atomic { MAY_DIE; taken++; completed = taken; finished = finished | (1 << (t - 1)) }
}

active proctype reader() {
  byte t, k, e, h, v, held, slot_of[H], taken, deaths;
  bool overrun;
begin:
  // take_over()
#ifdef SUCCESSOR_AT_NEXT  // seeded
  atomic { t = next };
#else
  atomic { t = (floor > next -> floor : next) };
#endif
  atomic { MAY_DIE; next = t };
  atomic { MAY_DIE; lost = lost + (next - 1 - superseded - lost - completed); taken = completed };
#ifndef DROP
  atomic { MAY_DIE; floor = t };
#endif
  // let_go_inherited()
  atomic { MAY_DIE; hold[0] = 0 };
  atomic { MAY_DIE; hold[1] = 0 };
  do
  ::
#ifndef DROP
    atomic { MAY_DIE; h = head };
    if
    :: t > h && end_at != 0 && t >= end_at -> break
    :: t > h ->
      if
      :: true -> head >= t || end_at
      :: deaths < DEATHS -> goto died
      fi
    :: t <= h && held < H ->
      atomic { find_free() };
      atomic { MAY_DIE; hold[k] = t };
      atomic { MAY_DIE; floor = t + 1 };
      atomic { MAY_DIE; e = tag[t % C]; assert(SEQUENCE(e) == t) };
      atomic { MAY_DIE; next = t + 1 };
      give()
    :: t <= h && held > 0 -> atomic { find_held() }; release()
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
      atomic { MAY_DIE; next = v };
      atomic { MAY_DIE; superseded = superseded + (v - t); t = v }
    :: else
    fi;
    v = 0;
    if
    :: t > h && end_at != 0 && t >= end_at -> break
    :: t > h ->
      if
      :: true -> head >= t || end_at
      :: deaths < DEATHS -> goto died
      fi
    :: t <= h && held < H ->
      atomic { find_free() };
      atomic { MAY_DIE; hold[k] = t };
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
      :: overrun -> atomic { MAY_DIE; hold[k] = 0; k = 0; e = 0; overrun = false }
      :: else ->
        atomic { MAY_DIE; next = t + 1 };
        give()
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
  atomic { goto over };
died:
  atomic {
    deaths++; reader_deaths++;
    t = 0; k = 0; e = 0; h = 0; v = 0; held = 0; taken = 0; overrun = false; slot_of[0] = 0; slot_of[1] = 0;
    goto begin
  };
over:
  // Every frame was worked on, or is counted.
  atomic {
    h = 0;
    for (k : 1 .. FRAMES) {
      if
      :: finished & (1 << k) -> h++
      :: else
      fi
    }
    assert(h == completed);
    assert(next == FRAMES + 1 && completed + superseded + lost == FRAMES);
#ifdef DROP
    assert(finished & (1 << FRAMES) || reader_deaths)  // the newest is never lost
#else
    assert(superseded == 0 && lost <= reader_deaths)  // the one in the hands of who died
#endif
  }
}
