// flexlab-micro: small programs whose time shows what scheduling twice costs. The agent runs them
// in guests, for measured cells and for the calibration of the simulator's costs; a person can run
// them anywhere. One file, C11 and pthreads, no dependency:
//
//     cc -std=c11 -O2 -pthread -static -o flexlab-micro flexlab-micro.c
//
// A run does a fixed amount of work and reports the time it took. One "iteration" is, by mode:
//
//   measured work
//     ep            every thread computes WORK ns; threads never meet
//     barrier       every thread computes WORK ns, then waits in a blocking pthread barrier (futex)
//     spin-barrier  the same at a barrier that spins in user space and never yields
//     spin          every thread computes WORK ns, then HOLD ns in a test-and-set spin lock
//     ticket        the same with a FIFO ticket spin lock
//     mutex         the same with a pthread mutex (futex)
//     ring          a byte goes round all threads through pipes; each computes WORK ns first
//     tlb           every thread maps PAGES pages, touches each and unmaps them again
//   calibration (what the extra fields of the result say is in docs/micro.md)
//     switch        a byte there and back between two threads on ONE CPU: two context switches
//     wake          a byte there and back between two threads on TWO CPUs: two wake-ups
//     handover      a futex "turn" there and back between two threads on two CPUs: two hand-overs
//     ipi           membarrier(PRIVATE_EXPEDITED) by one thread while the others spin: one
//                   interrupt to each of their CPUs, waited for
//     tlb-latency   touch a page and give it back (MADV_DONTNEED) while the others spin: one
//                   shootdown
//     refill        walk over 16 KiB … 4 MiB, warm and after another thread walked over the LLC
//     calib         the calibration of the computing loop alone
//
// Exit codes: 0 done; 1 a system call failed; 2 bad arguments; 3 this machine lacks what the mode
// needs; 4 --timeout ran out.
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define VERSION "flexlab-micro 1"

enum {
  EXIT_FAILED = 1,
  EXIT_ARGUMENTS = 2,
  EXIT_LACKS = 3,
  EXIT_TIMEOUT = 4,
  THREADS_MAX = 1024,
  WINDOWS_MAX = 100000,
  PAGES_MAX = 1 << 20,
  CACHE_LINE = 64,
  CURVE_MAX = 9,
  REFILL_KIB_MIN = 16,
  LLC_KIB_MAX = 64 * 1024, // more does not fit a small guest; --llc can ask for it
  SAMPLES_MAX = 1000,
};

struct worker {
  pthread_t thread;
  int index;
  uint64_t start_ns, finish_ns;
  cpu_set_t seen;
};

struct mode {
  const char *name;
  void (*body)(struct worker *, uint64_t iterations);
  void (*prepare)(void);
  void (*finish)(void);
  uint64_t iterations;
  uint64_t work_ns;
  int threads; // 0: one per CPU the process may use; otherwise exactly so many
  int cpus;    // how many CPUs the mode pins its threads to without --cpus; 0: none
};

struct point {
  uint64_t kib, warm_ns, cold_ns;
};

static struct {
  const struct mode *mode;
  int threads, windows, cpu_count;
  int cpus[CPU_SETSIZE];
  uint64_t iterations, work_ns, hold_ns, pages, warmup, llc_kib;
  double seconds, timeout, loops_per_us;
  bool json, loops_given;
} options = {.hold_ns = 1000, .pages = 16, .windows = 1};

// Results that only some modes have; a negative number is "not measured".
static double base_ns = -1, single_ns = -1;
static struct point curve[CURVE_MAX];
static int curve_length;

static uint64_t window_ns[WINDOWS_MAX];
static struct worker workers[THREADS_MAX];
static pthread_barrier_t window_start, window_end;
static uint64_t window_iterations;
static bool is_over;

static void fail(int code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("flexlab-micro: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(code);
}

static void check(bool is_good, const char *what) {
  if (!is_good) fail(EXIT_FAILED, "%s: %s", what, strerror(errno));
}

static uint64_t clock_ns(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(void) { return clock_ns(CLOCK_MONOTONIC); }

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield" ::: "memory");
#endif
}

// ---- the computing loop -------------------------------------------------------------------------

// A chain of dependent multiplications: its speed does not hang on alignment or memory.
static void spend_loops(uint64_t loops) {
  uint64_t x = loops;
  for (uint64_t i = 0; i < loops; i++) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    __asm__ volatile("" : "+r"(x));
  }
}

static void compute(uint64_t ns) {
  if (ns > 0) spend_loops((uint64_t)((double)ns * options.loops_per_us / 1000.0));
}

// The fastest of many short runs: a run that was preempted, or that translated code under TCG, is
// not the fastest.
static double measure_loops_per_us(void) {
  const uint64_t loops = 20000;
  uint64_t best_ns = UINT64_MAX;
  for (int i = 0; i < 50; i++) {
    uint64_t start_ns = now_ns();
    spend_loops(loops);
    uint64_t took_ns = now_ns() - start_ns;
    if (took_ns < best_ns) best_ns = took_ns;
  }
  if (best_ns == 0) best_ns = 1;
  return (double)loops * 1000.0 / (double)best_ns;
}

// ---- CPUs ---------------------------------------------------------------------------------------

static cpu_set_t allowed_cpus(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  check(sched_getaffinity(0, sizeof set, &set) == 0, "sched_getaffinity");
  return set;
}

static void pin_to(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(cpu, &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0) {
    fail(EXIT_LACKS, "cannot run on CPU %d: %s", cpu, strerror(errno));
  }
}

static void note_cpu(struct worker *self) {
  int cpu = sched_getcpu();
  if (cpu >= 0 && cpu < CPU_SETSIZE) CPU_SET(cpu, &self->seen);
}

// Reading the CPU number costs as much as a short iteration, so only some iterations do.
static void note_cpu_sometimes(struct worker *self, uint64_t i) {
  if (i % 64 == 0) note_cpu(self);
}

// The first CPUs that the process may use, when the mode needs places and none were given.
static void choose_cpus(void) {
  cpu_set_t set = allowed_cpus();
  for (int cpu = 0; cpu < CPU_SETSIZE && options.cpu_count < options.mode->cpus; cpu++) {
    if (CPU_ISSET(cpu, &set)) options.cpus[options.cpu_count++] = cpu;
  }
  if (options.cpu_count < options.mode->cpus) {
    fail(EXIT_LACKS, "%s needs %d CPUs", options.mode->name, options.mode->cpus);
  }
}

// ---- work that never meets, and work that meets at barriers -------------------------------------

static void run_ep(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
  }
}

static pthread_barrier_t blocking_barrier;

static void prepare_barrier(void) {
  pthread_barrier_init(&blocking_barrier, NULL, (unsigned)options.threads);
}

static void run_barrier(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
    pthread_barrier_wait(&blocking_barrier);
  }
}

static _Alignas(CACHE_LINE) atomic_int arrived;
static _Alignas(CACHE_LINE) atomic_uint phase;

static void wait_spinning(void) {
  unsigned mine = atomic_load(&phase);
  if (atomic_fetch_add(&arrived, 1) == options.threads - 1) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&phase, 1);
    return;
  }
  while (atomic_load_explicit(&phase, memory_order_acquire) == mine) relax();
}

static void run_spin_barrier(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
    wait_spinning();
  }
}

// ---- locks --------------------------------------------------------------------------------------

static _Alignas(CACHE_LINE) atomic_bool is_locked;

static void run_spin(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
    while (atomic_exchange_explicit(&is_locked, true, memory_order_acquire)) {
      while (atomic_load_explicit(&is_locked, memory_order_relaxed)) relax();
    }
    compute(options.hold_ns);
    atomic_store_explicit(&is_locked, false, memory_order_release);
  }
}

static _Alignas(CACHE_LINE) atomic_uint ticket_next;
static _Alignas(CACHE_LINE) atomic_uint ticket_served;

static void run_ticket(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
    unsigned mine = atomic_fetch_add(&ticket_next, 1);
    while (atomic_load_explicit(&ticket_served, memory_order_acquire) != mine) relax();
    compute(options.hold_ns);
    atomic_fetch_add_explicit(&ticket_served, 1, memory_order_release);
  }
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void run_mutex(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    note_cpu_sometimes(self, i);
    pthread_mutex_lock(&mutex);
    compute(options.hold_ns);
    pthread_mutex_unlock(&mutex);
  }
}

// ---- a byte round the threads -------------------------------------------------------------------

static int pipes[THREADS_MAX][2];

static void prepare_ring(void) {
  for (int i = 0; i < options.threads; i++) check(pipe(pipes[i]) == 0, "pipe");
}

static void pass_on(int from, int to) {
  char byte = 0;
  check(write(pipes[to][1], &byte, 1) == 1, "write to a pipe");
  check(read(pipes[from][0], &byte, 1) == 1, "read from a pipe");
}

static void run_ring(struct worker *self, uint64_t iterations) {
  int me = self->index, next = (me + 1) % options.threads;
  char byte = 0;
  for (uint64_t i = 0; i < iterations; i++) {
    if (me == 0) {
      compute(options.work_ns);
      pass_on(me, next);
    } else {
      check(read(pipes[me][0], &byte, 1) == 1, "read from a pipe");
      compute(options.work_ns);
      check(write(pipes[next][1], &byte, 1) == 1, "write to a pipe");
    }
    note_cpu_sometimes(self, i);
  }
}

// What the byte costs when nobody has to wake up: written and read back by one thread.
static void measure_pipe_alone(void) {
  const int rounds = 1000;
  uint64_t best_ns = UINT64_MAX;
  for (int i = 0; i < 20; i++) {
    uint64_t start_ns = now_ns();
    for (int round = 0; round < rounds; round++) pass_on(0, 0);
    uint64_t took_ns = now_ns() - start_ns;
    if (took_ns < best_ns) best_ns = took_ns;
  }
  base_ns = (double)best_ns / rounds;
}

static double per_iteration_ns(void);

// A round is two messages, each one write, one read and one switch (or wake-up).
static void finish_pipe_pair(void) {
  measure_pipe_alone();
  single_ns = per_iteration_ns() / 2 - base_ns;
}

// ---- a futex between two threads ----------------------------------------------------------------

static _Alignas(CACHE_LINE) atomic_int turn;

static void wait_for_turn(int mine) {
  for (int seen = atomic_load(&turn); seen != mine; seen = atomic_load(&turn)) {
    syscall(SYS_futex, &turn, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
  }
}

static void give_turn(int to) {
  atomic_store(&turn, to);
  syscall(SYS_futex, &turn, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void run_handover(struct worker *self, uint64_t iterations) {
  for (uint64_t i = 0; i < iterations; i++) {
    wait_for_turn(self->index);
    compute(options.work_ns);
    give_turn(1 - self->index);
    note_cpu_sometimes(self, i);
  }
}

static void finish_handover(void) { single_ns = per_iteration_ns() / 2; }

// ---- one thread that interrupts others ----------------------------------------------------------

static _Alignas(CACHE_LINE) atomic_int spinning;
static _Alignas(CACHE_LINE) atomic_uint rounds_done;

// The others only have to be on their CPUs, in this address space, until thread 0 is through. The
// round is read before the thread says that it is there, so that its end cannot be missed.
static void be_interrupted(struct worker *self) {
  unsigned mine = atomic_load(&rounds_done);
  atomic_fetch_add(&spinning, 1);
  while (atomic_load_explicit(&rounds_done, memory_order_acquire) == mine) relax();
  note_cpu(self);
}

static void interrupt_others(struct worker *self, uint64_t iterations, void (*act)(void)) {
  if (self->index > 0) {
    be_interrupted(self);
    return;
  }
  while (atomic_load(&spinning) < options.threads - 1) relax();
  self->start_ns = now_ns();
  for (uint64_t i = 0; i < iterations; i++) {
    act();
    note_cpu_sometimes(self, i);
  }
  atomic_store(&spinning, 0);
  atomic_fetch_add(&rounds_done, 1);
}

// The same act while no other thread of the process runs: what is left is the system call.
static void measure_alone(void (*act)(void)) {
  const int rounds = 1000;
  uint64_t best_ns = UINT64_MAX;
  for (int i = 0; i < 20; i++) {
    uint64_t start_ns = now_ns();
    for (int round = 0; round < rounds; round++) act();
    uint64_t took_ns = now_ns() - start_ns;
    if (took_ns < best_ns) best_ns = took_ns;
  }
  base_ns = (double)best_ns / rounds;
}

static void call_membarrier(void) {
  syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}

static void prepare_ipi(void) {
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) {
    fail(EXIT_LACKS, "this kernel has no expedited membarrier: %s", strerror(errno));
  }
  measure_alone(call_membarrier);
}

static void run_ipi(struct worker *self, uint64_t iterations) {
  interrupt_others(self, iterations, call_membarrier);
}

static char *shot_page;

static void drop_page(void) {
  *(volatile char *)shot_page = 1;
  madvise(shot_page, (size_t)sysconf(_SC_PAGESIZE), MADV_DONTNEED);
}

static char *map_bytes(size_t bytes) {
  char *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  check(memory != MAP_FAILED, "mmap");
  return memory;
}

static void prepare_tlb_latency(void) {
  shot_page = map_bytes((size_t)sysconf(_SC_PAGESIZE));
  measure_alone(drop_page);
}

static void run_tlb_latency(struct worker *self, uint64_t iterations) {
  interrupt_others(self, iterations, drop_page);
}

static void finish_interrupts(void) { single_ns = per_iteration_ns() - base_ns; }

// ---- memory -------------------------------------------------------------------------------------

static void run_tlb(struct worker *self, uint64_t iterations) {
  size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE), bytes = options.pages * page_bytes;
  for (uint64_t i = 0; i < iterations; i++) {
    compute(options.work_ns);
    char *memory = map_bytes(bytes);
    for (size_t at = 0; at < bytes; at += page_bytes) ((volatile char *)memory)[at] = 1;
    check(munmap(memory, bytes) == 0, "munmap");
    note_cpu_sometimes(self, i);
  }
}

static char *working_set, *polluter;
static uint64_t samples[2][SAMPLES_MAX];

static void prepare_refill(void) {
  if (options.llc_kib == 0) {
    long bytes = sysconf(_SC_LEVEL3_CACHE_SIZE);
    options.llc_kib = bytes > 0 ? (uint64_t)bytes / 1024 : LLC_KIB_MAX;
    if (options.llc_kib > LLC_KIB_MAX) options.llc_kib = LLC_KIB_MAX;
  }
  if (options.iterations > SAMPLES_MAX) {
    fail(EXIT_ARGUMENTS, "refill takes at most %d --iterations", SAMPLES_MAX);
  }
  size_t largest = (size_t)REFILL_KIB_MIN * 1024 << (CURVE_MAX - 1);
  working_set = map_bytes(largest);
  polluter = map_bytes(options.llc_kib * 1024);
  memset(working_set, 1, largest);
  memset(polluter, 1, options.llc_kib * 1024);
}

static void walk_over(char *memory, uint64_t kib) {
  for (size_t at = 0; at < kib * 1024; at += CACHE_LINE) ((volatile char *)memory)[at] += 1;
}

static uint64_t time_walk(uint64_t kib) {
  uint64_t start_ns = now_ns();
  walk_over(working_set, kib);
  return now_ns() - start_ns;
}

static int compare_samples(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return (x > y) - (x < y);
}

static uint64_t median_ns(uint64_t *values, uint64_t count) {
  qsort(values, count, sizeof *values, compare_samples);
  return values[count / 2];
}

// Thread 0 walks over its working set twice, the second time warm; then thread 1, on the same CPU,
// walks over a buffer of the size of the last-level cache; the next first walk is cold.
static void run_refill(struct worker *self, uint64_t iterations) {
  for (int size = 0; size < CURVE_MAX; size++) {
    uint64_t kib = (uint64_t)REFILL_KIB_MIN << size;
    for (uint64_t i = 0; i < iterations; i++) {
      wait_for_turn(self->index);
      if (self->index == 0) {
        samples[0][i] = time_walk(kib);
        samples[1][i] = time_walk(kib);
      } else {
        walk_over(polluter, options.llc_kib);
      }
      give_turn(1 - self->index);
    }
    if (self->index > 0) continue;
    wait_for_turn(0);
    uint64_t cold_ns = median_ns(samples[0], iterations);
    curve[size] = (struct point){kib, median_ns(samples[1], iterations), cold_ns};
  }
  note_cpu(self);
  curve_length = CURVE_MAX;
}

static void run_nothing(struct worker *self, uint64_t iterations) {
  (void)iterations;
  note_cpu(self);
}

// ---- modes --------------------------------------------------------------------------------------

static const struct mode modes[] = {
  {"ep", run_ep, NULL, NULL, 1000, 1000000, 0, 0},
  {"barrier", run_barrier, prepare_barrier, NULL, 2000, 200000, 0, 0},
  {"spin-barrier", run_spin_barrier, NULL, NULL, 2000, 200000, 0, 0},
  {"spin", run_spin, NULL, NULL, 20000, 20000, 0, 0},
  {"ticket", run_ticket, NULL, NULL, 20000, 20000, 0, 0},
  {"mutex", run_mutex, NULL, NULL, 20000, 20000, 0, 0},
  {"ring", run_ring, prepare_ring, NULL, 20000, 0, 0, 0},
  {"tlb", run_tlb, NULL, NULL, 5000, 0, 0, 0},
  {"switch", run_ring, prepare_ring, finish_pipe_pair, 50000, 0, 2, 1},
  {"wake", run_ring, prepare_ring, finish_pipe_pair, 20000, 0, 2, 2},
  {"handover", run_handover, NULL, finish_handover, 20000, 0, 2, 2},
  {"ipi", run_ipi, prepare_ipi, finish_interrupts, 20000, 0, 0, 0},
  {"tlb-latency", run_tlb_latency, prepare_tlb_latency, finish_interrupts, 20000, 0, 0, 0},
  {"refill", run_refill, prepare_refill, NULL, 15, 0, 2, 1},
  {"calib", run_nothing, NULL, NULL, 1, 0, 1, 0},
};

static const int mode_count = sizeof modes / sizeof modes[0];

// ---- the run ------------------------------------------------------------------------------------

static void *work(void *argument) {
  struct worker *self = argument;
  if (options.cpu_count > 0) pin_to(options.cpus[self->index % options.cpu_count]);
  for (;;) {
    pthread_barrier_wait(&window_start);
    if (is_over) return NULL;
    self->start_ns = now_ns();
    note_cpu(self);
    options.mode->body(self, window_iterations);
    self->finish_ns = now_ns();
    pthread_barrier_wait(&window_end);
  }
}

static void start_workers(void) {
  unsigned parties = (unsigned)options.threads + 1;
  pthread_barrier_init(&window_start, NULL, parties);
  pthread_barrier_init(&window_end, NULL, parties);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  for (int i = 0; i < options.threads; i++) {
    workers[i].index = i;
    errno = pthread_create(&workers[i].thread, &attributes, work, &workers[i]);
    if (errno != 0) fail(EXIT_LACKS, "cannot start thread %d: %s", i, strerror(errno));
  }
}

static void stop_workers(void) {
  is_over = true;
  pthread_barrier_wait(&window_start);
  for (int i = 0; i < options.threads; i++) pthread_join(workers[i].thread, NULL);
}

// From the first thread's start to the last one's finish; where the others only wait to be
// interrupted, the time of thread 0.
static uint64_t run_window(uint64_t iterations) {
  window_iterations = iterations;
  pthread_barrier_wait(&window_start);
  pthread_barrier_wait(&window_end);
  uint64_t start_ns = UINT64_MAX, finish_ns = 0;
  if (options.mode->finish == finish_interrupts) {
    return workers[0].finish_ns - workers[0].start_ns;
  }
  for (int i = 0; i < options.threads; i++) {
    if (workers[i].start_ns < start_ns) start_ns = workers[i].start_ns;
    if (workers[i].finish_ns > finish_ns) finish_ns = workers[i].finish_ns;
  }
  return finish_ns - start_ns;
}

static uint64_t elapsed_ns;

static double per_iteration_ns(void) { return (double)elapsed_ns / (double)options.iterations; }

static void run_fixed_iterations(void) {
  uint64_t windows = (uint64_t)options.windows, done = 0;
  for (uint64_t i = 0; i < windows; i++) {
    uint64_t until = options.iterations / windows * (i + 1);
    if (i == windows - 1) until = options.iterations;
    window_ns[i] = run_window(until - done);
    elapsed_ns += window_ns[i];
    done = until;
  }
}

// Ever longer windows until the time is over: a thousandth of the time is small enough to stop at.
static void run_for_seconds(void) {
  uint64_t chunk = 1, limit_ns = (uint64_t)(options.seconds * 1e9);
  options.iterations = 0;
  while (elapsed_ns < limit_ns) {
    uint64_t took_ns = run_window(chunk);
    elapsed_ns += took_ns;
    options.iterations += chunk;
    if (took_ns < limit_ns / 1000) chunk *= 2;
  }
  window_ns[0] = elapsed_ns;
}

static void give_up(int signal) {
  (void)signal;
  static const char message[] = "flexlab-micro: the time-out is over\n";
  if (write(STDERR_FILENO, message, sizeof message - 1) < 0) _exit(EXIT_FAILED);
  _exit(EXIT_TIMEOUT);
}

static void arm_timeout(void) {
  if (options.timeout <= 0) return;
  signal(SIGALRM, give_up);
  struct itimerspec spec = {0};
  spec.it_value.tv_sec = (time_t)options.timeout;
  spec.it_value.tv_nsec = (long)((options.timeout - (double)spec.it_value.tv_sec) * 1e9);
  timer_t timer;
  check(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0, "timer_create");
  check(timer_settime(timer, 0, &spec, NULL) == 0, "timer_settime");
}

// ---- the result ---------------------------------------------------------------------------------

static void print_list(const char *name, const uint64_t *values, int count) {
  printf(",\"%s\":[", name);
  for (int i = 0; i < count; i++) printf("%s%" PRIu64, i > 0 ? "," : "", values[i]);
  putchar(']');
}

static void print_cpus_seen(void) {
  const char *comma = "";
  cpu_set_t seen;
  CPU_ZERO(&seen);
  for (int i = 0; i < options.threads; i++) CPU_OR(&seen, &seen, &workers[i].seen);
  printf(",\"cpusSeen\":[");
  for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (!CPU_ISSET(cpu, &seen)) continue;
    printf("%s%d", comma, cpu);
    comma = ",";
  }
  putchar(']');
}

static void print_curve(void) {
  printf(",\"llcKib\":%" PRIu64 ",\"curve\":[", options.llc_kib);
  for (int i = 0; i < curve_length; i++) {
    printf("%s{\"kib\":%" PRIu64 ",\"warmNs\":%" PRIu64 ",\"coldNs\":%" PRIu64 "}",
           i > 0 ? "," : "", curve[i].kib, curve[i].warm_ns, curve[i].cold_ns);
  }
  putchar(']');
}

static void print_usage_of_cpu(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf(",\"cpuNs\":%" PRIu64 ",\"voluntarySwitches\":%ld,\"involuntarySwitches\":%ld",
         clock_ns(CLOCK_PROCESS_CPUTIME_ID), usage.ru_nvcsw, usage.ru_nivcsw);
}

static void print_json(uint64_t started_us, int cpus_at_start) {
  cpu_set_t set = allowed_cpus();
  printf("{\"version\":\"%s\",\"mode\":\"%s\",\"threads\":%d,\"iterations\":%" PRIu64, VERSION,
         options.mode->name, options.threads, options.iterations);
  printf(",\"workNs\":%" PRIu64 ",\"holdNs\":%" PRIu64 ",\"pages\":%" PRIu64, options.work_ns,
         options.hold_ns, options.pages);
  printf(",\"loopsPerUs\":%.3f,\"loopsGiven\":%s", options.loops_per_us,
         options.loops_given ? "true" : "false");
  printf(",\"startedUs\":%" PRIu64 ",\"elapsedNs\":%" PRIu64 ",\"perIterationNs\":%.1f",
         started_us, elapsed_ns, per_iteration_ns());
  print_list("windowNs", window_ns, options.windows);
  print_cpus_seen();
  printf(",\"cpusAtStart\":%d,\"cpusAtEnd\":%d", cpus_at_start, CPU_COUNT(&set));
  print_usage_of_cpu();
  if (base_ns >= 0) printf(",\"baseNs\":%.1f", base_ns);
  if (options.mode->finish != NULL) printf(",\"singleNs\":%.1f", single_ns);
  if (curve_length > 0) print_curve();
  puts("}");
}

static void print_text(void) {
  printf("%s: %d threads, %" PRIu64 " iterations in %.6f s: %.1f ns each\n", options.mode->name,
         options.threads, options.iterations, (double)elapsed_ns / 1e9, per_iteration_ns());
  printf("computing loop: %.1f loops/µs\n", options.loops_per_us);
  if (options.mode->finish != NULL) printf("one: %.1f ns\n", single_ns);
  for (int i = 0; i < options.windows && options.windows > 1; i++) {
    printf("window %d: %.6f s\n", i + 1, (double)window_ns[i] / 1e9);
  }
  for (int i = 0; i < curve_length; i++) {
    printf("%5" PRIu64 " KiB: warm %" PRIu64 " ns, cold %" PRIu64 " ns\n", curve[i].kib,
           curve[i].warm_ns, curve[i].cold_ns);
  }
}

// ---- arguments ----------------------------------------------------------------------------------

static void print_help(void) {
  puts("usage: flexlab-micro MODE [--threads N] [--iterations N | --seconds S] [--work NS]\n"
       "       [--hold NS] [--pages N] [--llc KIB] [--windows K] [--warmup N] [--cpus A,B,...]\n"
       "       [--loops-per-us X] [--timeout S] [--json]\n"
       "       flexlab-micro --version | --help\n\n"
       "MODE is one of:");
  for (int i = 0; i < mode_count; i++) printf("  %s\n", modes[i].name);
}

static uint64_t whole_number(const char *name, const char *text, uint64_t min, uint64_t max) {
  char *end;
  errno = 0;
  uint64_t value = strtoull(text, &end, 10);
  bool is_number = *text >= '0' && *text <= '9' && *end == '\0' && errno == 0;
  if (!is_number || value < min || value > max) {
    fail(EXIT_ARGUMENTS, "%s is a whole number from %" PRIu64 " to %" PRIu64 ", not \"%s\"", name,
         min, max, text);
  }
  return value;
}

static double positive_number(const char *name, const char *text, double max) {
  char *end;
  double value = strtod(text, &end);
  bool is_number = *text >= '0' && *text <= '9' && *end == '\0';
  if (!is_number || !(value > 0) || value > max) {
    fail(EXIT_ARGUMENTS, "%s is a number above 0 and up to %g, not \"%s\"", name, max, text);
  }
  return value;
}

static void read_cpus(const char *text) {
  char copy[4096], *rest = copy;
  if (strlen(text) >= sizeof copy) fail(EXIT_ARGUMENTS, "--cpus is too long");
  strcpy(copy, text);
  options.cpu_count = 0;
  for (char *part = strsep(&rest, ","); part != NULL; part = strsep(&rest, ",")) {
    if (options.cpu_count == CPU_SETSIZE) fail(EXIT_ARGUMENTS, "--cpus names too many CPUs");
    options.cpus[options.cpu_count++] = (int)whole_number("--cpus", part, 0, CPU_SETSIZE - 1);
  }
}

static bool is_valid_option(const char *name, const char *value) {
  const uint64_t huge = 1000000000000u;
  if (strcmp(name, "--threads") == 0) {
    options.threads = (int)whole_number(name, value, 1, THREADS_MAX);
  } else if (strcmp(name, "--iterations") == 0) {
    options.iterations = whole_number(name, value, 1, huge);
  } else if (strcmp(name, "--seconds") == 0) {
    options.seconds = positive_number(name, value, 86400);
  } else if (strcmp(name, "--work") == 0) {
    options.work_ns = whole_number(name, value, 0, huge);
  } else if (strcmp(name, "--hold") == 0) {
    options.hold_ns = whole_number(name, value, 0, huge);
  } else if (strcmp(name, "--pages") == 0) {
    options.pages = whole_number(name, value, 1, PAGES_MAX);
  } else if (strcmp(name, "--llc") == 0) {
    options.llc_kib = whole_number(name, value, 1, 1 << 20);
  } else if (strcmp(name, "--windows") == 0) {
    options.windows = (int)whole_number(name, value, 1, WINDOWS_MAX);
  } else if (strcmp(name, "--warmup") == 0) {
    options.warmup = whole_number(name, value, 1, huge);
  } else if (strcmp(name, "--loops-per-us") == 0) {
    options.loops_per_us = positive_number(name, value, 1e6);
    options.loops_given = true;
  } else if (strcmp(name, "--timeout") == 0) {
    options.timeout = positive_number(name, value, 86400 * 7);
  } else if (strcmp(name, "--cpus") == 0) {
    read_cpus(value);
  } else {
    return false;
  }
  return true;
}

static void choose_mode(const char *name) {
  for (int i = 0; i < mode_count; i++) {
    if (strcmp(modes[i].name, name) == 0) options.mode = &modes[i];
  }
  if (options.mode == NULL) fail(EXIT_ARGUMENTS, "there is no mode \"%s\"; see --help", name);
  options.work_ns = options.mode->work_ns;
}

static void read_arguments(int count, char **arguments) {
  if (count < 2) fail(EXIT_ARGUMENTS, "name a mode; see --help");
  choose_mode(arguments[1]);
  for (int i = 2; i < count; i++) {
    if (strcmp(arguments[i], "--json") == 0) {
      options.json = true;
      continue;
    }
    const char *value = i + 1 < count ? arguments[i + 1] : NULL;
    if (value == NULL) fail(EXIT_ARGUMENTS, "%s: unknown, or its value is missing", arguments[i]);
    if (!is_valid_option(arguments[i], value)) {
      fail(EXIT_ARGUMENTS, "unknown option \"%s\"; see --help", arguments[i]);
    }
    i++;
  }
}

static void settle_options(void) {
  const struct mode *mode = options.mode;
  if (options.seconds > 0 && (options.iterations > 0 || options.windows > 1)) {
    fail(EXIT_ARGUMENTS, "--seconds goes with neither --iterations nor --windows");
  }
  if (options.seconds > 0 && mode->prepare == prepare_refill) {
    fail(EXIT_ARGUMENTS, "refill takes --iterations, not --seconds");
  }
  if (options.iterations == 0) options.iterations = mode->iterations;
  if ((uint64_t)options.windows > options.iterations) {
    fail(EXIT_ARGUMENTS, "--windows is at most --iterations");
  }
  if (mode->threads > 0 && options.threads > 0 && options.threads != mode->threads) {
    fail(EXIT_ARGUMENTS, "%s runs %d threads", mode->name, mode->threads);
  }
  cpu_set_t set = allowed_cpus();
  if (options.threads == 0) options.threads = mode->threads > 0 ? mode->threads : CPU_COUNT(&set);
  if (options.threads > THREADS_MAX) options.threads = THREADS_MAX;
  if (mode->cpus > 0 && options.cpu_count > 0 && options.cpu_count != mode->cpus) {
    fail(EXIT_ARGUMENTS, "%s takes %d --cpus", mode->name, mode->cpus);
  }
  if (options.cpu_count == 0) choose_cpus();
}

static void print_and_leave(const char *argument) {
  if (strcmp(argument, "--version") == 0) {
    puts(VERSION);
  } else if (strcmp(argument, "--help") == 0) {
    print_help();
  } else {
    return;
  }
  exit(0);
}

int main(int count, char **arguments) {
  if (count == 2) print_and_leave(arguments[1]);
  read_arguments(count, arguments);
  settle_options();
  arm_timeout();
  int cpus_at_start;
  cpu_set_t set = allowed_cpus();
  cpus_at_start = CPU_COUNT(&set);
  if (!options.loops_given) options.loops_per_us = measure_loops_per_us();
  if (options.mode->prepare != NULL) options.mode->prepare();
  start_workers();
  if (options.warmup > 0) run_window(options.warmup);
  uint64_t started_us = clock_ns(CLOCK_REALTIME) / 1000;
  if (options.seconds > 0) run_for_seconds();
  else run_fixed_iterations();
  stop_workers();
  if (options.mode->finish != NULL) options.mode->finish();
  if (options.json) print_json(started_us, cpus_at_start);
  else print_text();
  return fflush(stdout) == 0 ? 0 : EXIT_FAILED;
}
