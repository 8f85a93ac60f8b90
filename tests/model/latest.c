// Window against hold, on a `drop_oldest` wire: a writer of three frames over two slots and a
// reader of two takes. The payload is plain memory, so that a slot used again under its reader is a
// race, and shows.
//
// variant -: clean
// variant WRITER_WINDOW_RELEASE: violation
// variant WRITER_HOLD_ACQUIRE: violation
// variant READER_HOLD_RELEASE: violation
// variant READER_WINDOW_ACQUIRE: violation
// variant RING_STORE_RELAXED: violation
// variant RING_LOAD_RELAXED: violation

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#define SC memory_order_seq_cst
#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release
#define RELAXED memory_order_relaxed

#ifdef WRITER_WINDOW_RELEASE
#define WRITER_WINDOW RELEASE
#else
#define WRITER_WINDOW SC
#endif
#ifdef WRITER_HOLD_ACQUIRE
#define WRITER_HOLD ACQUIRE
#else
#define WRITER_HOLD SC
#endif
#ifdef READER_HOLD_RELEASE
#define READER_HOLD RELEASE
#else
#define READER_HOLD SC
#endif
#ifdef READER_WINDOW_ACQUIRE
#define READER_WINDOW ACQUIRE
#else
#define READER_WINDOW SC
#endif
#ifdef RING_STORE_RELAXED
#define RING_STORE RELAXED
#else
#define RING_STORE RELEASE
#endif
#ifdef RING_LOAD_RELAXED
#define RING_LOAD RELAXED
#else
#define RING_LOAD ACQUIRE
#endif

static unsigned long payload[2];
static atomic_ulong head, valid_from, hold, ring[2];  // entry: sequence << 8 | slot

static void publish(unsigned long sequence, unsigned long slot) {
  atomic_store_explicit(&ring[sequence & 1], sequence << 8 | slot, RING_STORE);
  atomic_store_explicit(&head, sequence, RELEASE);
}

static void* writer(void* unused) {
  (void)unused;
  payload[0] = 1;
  publish(1, 0);
  payload[1] = 2;
  atomic_store_explicit(&valid_from, 2, WRITER_WINDOW);
  publish(2, 1);
  if (atomic_load_explicit(&hold, WRITER_HOLD) != 1) {
    payload[0] = 3;
    atomic_store_explicit(&valid_from, 3, WRITER_WINDOW);
    publish(3, 0);
  }
  return 0;
}

static void* reader(void* unused) {
  (void)unused;
  unsigned long next = 1;
  for (int take = 0; take < 2; ++take) {
    const unsigned long window = atomic_load_explicit(&valid_from, ACQUIRE);
    const unsigned long wanted = next > window ? next : window;
    if (wanted > atomic_load_explicit(&head, ACQUIRE)) break;
    const unsigned long entry = atomic_load_explicit(&ring[wanted & 1], RING_LOAD);
    if (entry >> 8 != wanted) {
      // Overrun; or else a healthy wire would be called corrupt.
      assert(atomic_load_explicit(&valid_from, ACQUIRE) > wanted);
      continue;
    }
    atomic_store_explicit(&hold, wanted, READER_HOLD);
    if (atomic_load_explicit(&valid_from, READER_WINDOW) > wanted) {
      atomic_store_explicit(&hold, 0, RELEASE);
      continue;
    }
    assert(payload[entry & 255] == wanted);
    atomic_store_explicit(&hold, 0, RELEASE);
    next = wanted + 1;
  }
  return 0;
}

int main(void) {
  pthread_t w, r;
  atomic_init(&valid_from, 1);
  if (pthread_create(&w, 0, writer, 0) != 0 || pthread_create(&r, 0, reader, 0) != 0) return 1;
  pthread_join(w, 0);
  pthread_join(r, 0);
  return 0;
}
