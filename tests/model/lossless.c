// Floor against hold, on a `wait` wire: the writer uses the slot again only if the reader's floor
// has passed its frame and then, looked at after the floor, no hold names it.
//
// variant -: clean
// variant HOLD_BEFORE_FLOOR: violation
// variant CLAIM_BEFORE_HOLD: race
// variant RELEASE_RELAXED: race

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release
#define RELAXED memory_order_relaxed

#ifdef RELEASE_RELAXED
#define LET_GO RELAXED
#else
#define LET_GO RELEASE
#endif

static unsigned long payload;
static atomic_ulong head, floor_word, hold;

static void* writer(void* unused) {
  (void)unused;
  payload = 1;
  atomic_store_explicit(&head, 1, RELEASE);
#ifdef HOLD_BEFORE_FLOOR
  const unsigned long held = atomic_load_explicit(&hold, ACQUIRE);
  const unsigned long passed = atomic_load_explicit(&floor_word, ACQUIRE);
#else
  const unsigned long passed = atomic_load_explicit(&floor_word, ACQUIRE);
  const unsigned long held = atomic_load_explicit(&hold, ACQUIRE);
#endif
  if (passed > 1 && held != 1) payload = 2;
  return 0;
}

static void* reader(void* unused) {
  (void)unused;
  if (atomic_load_explicit(&head, ACQUIRE) < 1) return 0;
#ifdef CLAIM_BEFORE_HOLD
  atomic_store_explicit(&floor_word, 2, RELEASE);
  atomic_store_explicit(&hold, 1, RELAXED);
#else
  atomic_store_explicit(&hold, 1, RELAXED);
  atomic_store_explicit(&floor_word, 2, RELEASE);
#endif
  assert(payload == 1);
  atomic_store_explicit(&hold, 0, LET_GO);
  return 0;
}

int main(void) {
  pthread_t w, r;
  atomic_init(&floor_word, 1);
  if (pthread_create(&w, 0, writer, 0) != 0 || pthread_create(&r, 0, reader, 0) != 0) return 1;
  pthread_join(w, 0);
  pthread_join(r, 0);
  return 0;
}
