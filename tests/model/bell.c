// Bell against ticket: never does the reader sleep on what has not changed while the writer saw
// nobody sleep. The word that the writer stores is the head, an end, or a bound; the bell then only
// keeps who is on its way from falling asleep. Space has the same shape, with `want` for `waiting`
// and the floor for the bell.
//
// variant -: clean
// variant RELEASE_ACQUIRE: violation

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

#ifdef RELEASE_ACQUIRE
#define STORE memory_order_release
#define LOAD memory_order_acquire
#else
#define STORE memory_order_seq_cst
#define LOAD memory_order_seq_cst
#endif

static atomic_uint bell, waiting;
static int noticed, slept;

static void* writer(void* unused) {
  (void)unused;
  atomic_store_explicit(&bell, 1, STORE);
  noticed = atomic_load_explicit(&waiting, LOAD) != 0;
  return 0;
}

static void* reader(void* unused) {
  (void)unused;
  atomic_store_explicit(&waiting, 1, STORE);
  slept = atomic_load_explicit(&bell, LOAD) == 0;
  return 0;
}

int main(void) {
  pthread_t w, r;
  if (pthread_create(&w, 0, writer, 0) != 0 || pthread_create(&r, 0, reader, 0) != 0) return 1;
  pthread_join(w, 0);
  pthread_join(r, 0);
  assert(!(slept && !noticed));
  return 0;
}
