/* Preloaded into a server: every fsync and fdatasync takes so many microseconds longer (BENCH_FSYNC_DELAY), as on a disk that takes its time. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static int late(const char *name, int file) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(file);
  const char *given = getenv("BENCH_FSYNC_DELAY");
  long delay = given ? atol(given) : 0;
  struct timespec pause = {delay / 1000000, delay % 1000000 * 1000};
  nanosleep(&pause, 0);
  return result;
}

int fsync(int file) { return late("fsync", file); }
int fdatasync(int file) { return late("fdatasync", file); }
