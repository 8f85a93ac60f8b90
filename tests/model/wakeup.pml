// How a writer that waits for space and two readers that wait for frames sleep and are woken, each of them killed
// before any step or never. There is no timeout here: a wake-up that is lost leaves its sleeper asleep for ever,
// which spin reports as an invalid end state.
//
// Corresponds to RingWriter (wake_sleepers, want_space, has_space, end), RingReader (glance, announce_wait, retract_wait, locate,
// wake_writer), SharedWaiter (wait_for_frames, wait_for_space), FutexDoorbell or, with EVENTFD, EventfdDoorbell, and
// Wiring (worker_gone, ring).

#ifndef FRAMES
#define FRAMES 3
#endif
#define DEPTH 1

// Which readers there are.
#if !defined(ONLY_WAIT)
#define WITH_DROP
#endif
#if !defined(ONLY_DROP)
#define WITH_WAIT
#endif
#define READERS 2
#define WAIT 0  // its floor holds the writer back
#define DROP 1
#define WRITER 2

byte entry;  // the newest that is in the ring, if not published yet
byte head, end_at, bell, want, floor = 1, waiting[READERS], release_bell;
byte host_bell;
#ifdef WITH_WAIT
bool gate = true;
#else
bool gate;
#endif
bool alive[READERS] = true, gone;

byte woken[READERS];  // the writer's own memory
bool idle;            // the writer has rung for all it did, and lives

bool asleep[3];   // in futex_waitv
bool eventfd[3];  // or: its eventfd is readable

#ifdef ONLY_DROP_DIES
#define DEATH me == DROP
#else
#define DEATH true
#endif

#define MAY_DIE          \
  if                     \
  :: true                \
  :: DEATH -> goto died  \
  fi

#ifdef EVENTFD
#define SEE_HOST skip  // poll compares nothing
#else
#define SEE_HOST atomic { MAY_DIE; host_seen = host_bell }
#endif

#define TICKET(seen) ((seen) * 2 + 1)

inline wake(process) {
#ifdef EVENTFD
  eventfd[process] = true  // unreached in writer, wait_reader if ONLY_DROP_DIES
#else
  asleep[process] = false  // unreached in writer, wait_reader if ONLY_DROP_DIES
#endif
}

// Sleeps on `word` and the host's bell unless one of them has changed since it was read. It may die in its sleep,
// but decides at some time not to: a sleeper whose last way on is to die would hide a lost wake-up.
#define NOTHING_MORE (me != WRITER && idle && t > head)  // a good sleep
inline sleep_on(word, t) {
#ifdef EVENTFD
  if
  :: true ->
    if
    :: atomic { eventfd[me] -> eventfd[me] = false }
    :: NOTHING_MORE -> goto through
    fi
  :: DEATH -> goto died
  fi
#else
  atomic {
    MAY_DIE;
    if
    :: word == seen && host_bell == host_seen -> asleep[me] = true
    :: else
    fi
  };
  if
  :: true ->
    if
    :: !asleep[me]
    :: NOTHING_MORE -> goto through
    fi
  :: DEATH -> goto died
  fi
#endif
}

// The host, once the process is reaped.
inline ring_host() {
#ifdef HOST_DOES_NOT_RING  // seeded
  skip
#else
  atomic { host_bell++ };  // unreached in writer, wait_reader if ONLY_DROP_DIES
  atomic { wake(WAIT); wake(DROP); wake(WRITER) }
#endif
}

// The writer.

inline look_at_waiting(r) {
  atomic { MAY_DIE; living = alive[r] };
  if
  :: living ->
    atomic {
      MAY_DIE;
      if
      :: waiting[r] != 0 && waiting[r] != woken[r] -> woken[r] = waiting[r]; somebody_sleeps = true
      :: else
      fi;
      living = false
    }
  :: else
  fi
}

inline look_at_all() {
#ifdef WITH_WAIT
  look_at_waiting(WAIT);
#endif
#ifdef WITH_DROP
  look_at_waiting(DROP);
#endif
  skip
}

inline wake_sleepers() {
#if defined(BELL_BEFORE_LOOK) || defined(FRESH_TICKETS)  // seeded: also who has seen this ring counts as served
  atomic { MAY_DIE; bell++ };
#endif
  look_at_all();
  if
  :: somebody_sleeps ->
#if !defined(BELL_BEFORE_LOOK) && !defined(FRESH_TICKETS) && !defined(WOKEN_WITHOUT_BELL)  // seeded: the last
    atomic { MAY_DIE; bell++ };
#endif
    atomic { MAY_DIE; wake(WAIT); wake(DROP); somebody_sleeps = false }
  :: else
  fi
}

// Sets `space`.
#ifdef WITH_WAIT
inline has_space() {
  atomic {
    MAY_DIE;
    space = !gate
  };
  if
  :: !space -> atomic { MAY_DIE; space = head + 1 - floor < DEPTH }
  :: else
  fi
}
#endif

inline wait_for_space() {
#ifdef WITH_WAIT
  do
  :: has_space();
    if
    :: space -> space = false; break
    :: else
    fi;
#ifdef WANT_AFTER_LOOK  // seeded
    SEE_HOST;
    atomic { MAY_DIE; seen = release_bell };
    has_space();
    atomic { MAY_DIE; want = 1 };
#else
    atomic { MAY_DIE; want = 1 };
    SEE_HOST;
    atomic { MAY_DIE; seen = release_bell };
    has_space();
#endif
    if
    :: !space -> sleep_on(release_bell, head)
    :: else -> space = false
    fi;
    atomic { MAY_DIE; want = 0; host_seen = 0; seen = 0 }
  od
#else
  skip
#endif
}

active proctype writer() {
  byte me = WRITER, seen, host_seen;
  bool space, living, somebody_sleeps;
  do
  :: head == FRAMES -> break
  :: else ->
    wait_for_space();
#ifdef WAKES_BEFORE_HEAD  // seeded
    wake_sleepers();
    atomic { MAY_DIE; entry++; head++ }
#else
    atomic { MAY_DIE; entry++ };
    atomic { MAY_DIE; head++ };
    wake_sleepers()
#endif
  od;
  if
  :: atomic { MAY_DIE; end_at = head + 1 };
    wake_sleepers()
  :: true  // it works on without sending anything: nobody rings for what was missed
  fi;
  atomic { idle = true; goto through };
died:
  atomic { asleep[me] = false; seen = 0; host_seen = 0; space = false; living = false; somebody_sleeps = false };  // unreached in writer, wait_reader if ONLY_DROP_DIES
  atomic { gone = true };  // unreached in writer, wait_reader if ONLY_DROP_DIES
  ring_host();
through:
  skip
}

// The readers.

// Is there a frame, or the end? Sets `there` or `over`.
inline look() {
  atomic { MAY_DIE; over = gone };
  atomic { MAY_DIE; there = head >= t };
  if
  :: !there && !over -> atomic { MAY_DIE; over = end_at != 0 && t >= end_at }
  :: else
  fi
}

inline ticket() {
#ifdef FRESH_TICKETS
  fresh++; waiting[me] = fresh
#else
  waiting[me] = TICKET(seen)
#endif
}

// Spins: looks only where the next entry has changed, which a frame does before it is published; no end does.
#define GLANCE (entry >= t)
inline spin() {
  do
  :: there || over -> break
  :: !there && !over ->
    if
    :: atomic { GLANCE -> MAY_DIE }; look()
    :: true -> break  // the time is over
    fi
  od
}

inline wait_for_frame() {
  spin();
  if
  :: there || over
  :: else -> sleep_for_frame()
  fi;
  atomic { there = false; over = false }
}

inline sleep_for_frame() {
#ifdef BELL_READ_LAST  // seeded
  atomic { MAY_DIE; ticket() };
  look();
  SEE_HOST;
  atomic { MAY_DIE; seen = bell };
#elif defined(ANNOUNCED_LATE)  // seeded; futex_waitv looks at the bell, poll on an eventfd does not
  SEE_HOST;
  atomic { MAY_DIE; seen = bell };
  look();
  atomic { MAY_DIE; ticket() };
#else
  SEE_HOST;
  atomic { MAY_DIE; seen = bell };
  atomic { MAY_DIE; ticket() };
#ifdef NO_SECOND_LOOK  // seeded
  skip;
#elif defined(GLANCES_AND_SLEEPS)  // seeded
  atomic {
    MAY_DIE;
    if
    :: GLANCE -> there = true
    :: else
    fi
  };
#else
  look();
#endif
#endif
  if
  :: !there && !over -> sleep_on(bell, t)
  :: else
  fi;
  atomic { MAY_DIE; waiting[me] = 0; seen = 0; host_seen = 0 }
}

inline forget() {
  asleep[me] = false; seen = 0; host_seen = 0; t = 0; there = false; over = false  // unreached in writer, wait_reader if ONLY_DROP_DIES
}

#ifdef WITH_WAIT
active proctype wait_reader() {
  byte me = WAIT, t = 1, seen, host_seen, fresh;
  bool there, over;
  do
  :: look();
    if
    :: there ->
#ifdef WANT_READ_FIRST  // seeded
      atomic { MAY_DIE; over = want };
      atomic { MAY_DIE; floor = t + 1; t++ };
#else
      atomic { MAY_DIE; floor = t + 1; t++ };
      atomic { MAY_DIE; over = want };
#endif
      if
      :: over ->
        atomic { MAY_DIE; release_bell++ };
        atomic { MAY_DIE; wake(WRITER) }
      :: else
      fi;
      atomic { there = false; over = false }
    :: !there && over -> break
    :: else -> wait_for_frame()
    fi
  od;
  assert(t == head + 1);
  goto through;
died:
  forget();
  atomic { gate = false };  // unreached in writer, wait_reader if ONLY_DROP_DIES
  atomic { alive[me] = false };  // unreached in writer, wait_reader if ONLY_DROP_DIES
  ring_host();
through:
  skip
}

#endif

// It takes the newest frame only.
#ifdef WITH_DROP
active proctype drop_reader() {
  byte me = DROP, t = 1, seen, host_seen, fresh;
  bool there, over;
  do
  :: look();
    if
    :: there -> atomic { MAY_DIE; t = head + 1; there = false; over = false }
    :: !there && over -> break
    :: else -> wait_for_frame()
    fi
  od;
  assert(t == head + 1);
  goto through;
died:
  forget();
  atomic { alive[me] = false };
  ring_host();
through:
  skip
}
#endif
