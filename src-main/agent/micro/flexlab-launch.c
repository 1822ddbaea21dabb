// flexlab-launch: runs a program in a guest again and again, for the agent. The guest agent can
// start a program, but not hold it behind a barrier, repeat it, keep a long output in a file, or
// end all of its children; and each of its calls costs the guest CPU time that would be measured.
// So this stands next to the program, and the agent only touches files in its folder:
//
//     flexlab-launch --folder DIR --iterations N [--loop] [--delay-ms MS] [--timeout-ms MS]
//                    [--lease-ms MS] [--env K=V]... -- PROGRAM [ARGUMENT]...
//
// DIR is made, and must not be there before. The call returns, with exit code 0, when it stands at
// the barrier; what it was given on stdin, each iteration gets on its own. From then on:
//
//   DIR/go      made by the agent: the barrier opens, at the moment that is in it (µs since 1970
//               by this guest's clock), so that guests which hear of it late still start together
//   DIR/stop    likewise: no iteration beyond the N asked for; one at hand is ended
//   DIR/cancel  likewise: everything is ended at once
//   DIR/status  "STATE DONE": waiting, running, done, stopped, cancelled, failed or timeout, and
//               the iterations done. When nobody has opened it for --lease-ms, nobody will take DIR
//               away either: everything is ended and DIR removed
//   DIR/report  a line of JSON for the barrier and for each iteration (docs/micro.md)
//   DIR/out     their outputs, the last 64 KiB of each, one after the other
//
// Whatever happens, no process of the program is left when the state is a last one: the launcher
// adopts orphans (PR_SET_CHILD_SUBREAPER) and kills all of its children.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define VERSION "flexlab-launch 1"

enum {
  EXIT_FAILED = 1,
  EXIT_ARGUMENTS = 2,
  OUTPUT_KEPT_BYTES = 64 * 1024,
  OUTPUT_ALL_BYTES_MAX = 8 * 1024 * 1024,
  MOMENT_AHEAD_US_MAX = 5000000,
  // Iterations of a co-runner beyond its own that are still reported one by one.
  EXTRA_REPORTED = 1000,
};

static struct {
  const char *folder;
  char **program;
  uint64_t iterations, delay_ms, timeout_ms, lease_ms;
  bool loop;
} options = {.timeout_ms = UINT64_MAX, .lease_ms = UINT64_MAX};

static int folder_fd, status_fd, report_fd, out_fd, scratch_fd, events_fd, signals_fd;
static int status_watch;
static uint64_t done, started_ns, opened_ms, touched_ms, out_bytes;
static bool is_open, is_stopped;
static pid_t child;

static void fail(int code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("flexlab-launch: ", stderr);
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

static uint64_t now_ms(void) { return clock_ns(CLOCK_MONOTONIC) / 1000000; }

static int open_in_folder(const char *name, int flags) {
  int fd = openat(folder_fd, name, flags | O_CLOEXEC, 0600);
  check(fd >= 0, name);
  return fd;
}

// ---- what the agent reads -----------------------------------------------------------------------

static void set_status(const char *state) {
  char line[65];
  int length = snprintf(line, sizeof line, "%s %" PRIu64, state, done);
  memset(line + length, ' ', sizeof line - 1 - (size_t)length);
  line[sizeof line - 2] = '\n';
  check(pwrite(status_fd, line, sizeof line - 1, 0) == sizeof line - 1, "status");
}

static void report(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  check(vdprintf(report_fd, format, arguments) > 0, "report");
  va_end(arguments);
}

// The end of an iteration's output goes behind those of the earlier ones.
static uint64_t keep_output(uint64_t bytes) {
  static char buffer[OUTPUT_KEPT_BYTES];
  uint64_t kept = bytes < OUTPUT_KEPT_BYTES ? bytes : OUTPUT_KEPT_BYTES;
  ssize_t count = pread(scratch_fd, buffer, kept, (off_t)(bytes - kept));
  check(count >= 0 && write(out_fd, buffer, (size_t)count) == count, "out");
  return (uint64_t)count;
}

static uint64_t microseconds(struct timeval time) {
  return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

static void report_iteration(int how, const struct rusage *usage, uint64_t ended_ns) {
  struct stat stat;
  check(fstat(scratch_fd, &stat) == 0, "fstat");
  uint64_t bytes = (uint64_t)stat.st_size, at = out_bytes;
  bool is_extra = done >= options.iterations + EXTRA_REPORTED;
  if (is_extra || out_bytes > OUTPUT_ALL_BYTES_MAX) return;
  uint64_t kept = keep_output(bytes);
  out_bytes += kept;
  report("{\"startNs\":%" PRIu64 ",\"elapsedNs\":%" PRIu64 ",\"exit\":%d,\"signal\":%d,"
         "\"cpuUs\":%" PRIu64 ",\"voluntary\":%ld,\"involuntary\":%ld,"
         "\"outAt\":%" PRIu64 ",\"outBytes\":%" PRIu64 ",\"isCut\":%s}\n",
         started_ns, ended_ns - started_ns, WIFEXITED(how) ? WEXITSTATUS(how) : -1,
         WIFSIGNALED(how) ? WTERMSIG(how) : 0,
         microseconds(usage->ru_utime) + microseconds(usage->ru_stime), usage->ru_nvcsw,
         usage->ru_nivcsw, at, kept, kept < bytes ? "true" : "false");
}

// ---- the program --------------------------------------------------------------------------------

static void become_program(void) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setpgid(0, 0);
  int input = openat(folder_fd, "stdin", O_RDONLY);
  if (input < 0 || dup2(input, 0) < 0 || dup2(scratch_fd, 1) < 0 || dup2(scratch_fd, 2) < 0) {
    _exit(126);
  }
  execvp(options.program[0], options.program);
  dprintf(2, "flexlab-launch: cannot run %s: %s\n", options.program[0], strerror(errno));
  _exit(127);
}

static void start_iteration(void) {
  check(ftruncate(scratch_fd, 0) == 0, "ftruncate");
  started_ns = clock_ns(CLOCK_MONOTONIC);
  child = fork();
  check(child >= 0, "fork");
  if (child == 0) become_program();
  // Both sides do it, so that it is done before either goes on.
  setpgid(child, child);
}

// Orphans of the program are children of this process, whatever group or session they made.
static void kill_children(void) {
  char path[64];
  if (child > 0) kill(-child, SIGKILL);
  snprintf(path, sizeof path, "/proc/self/task/%d/children", getpid());
  for (;;) {
    FILE *children = fopen(path, "re");
    int pid;
    while (children != NULL && fscanf(children, "%d", &pid) == 1) kill(pid, SIGKILL);
    if (children != NULL) fclose(children);
    if (wait(NULL) < 0) return;
  }
}

static void end(const char *state) {
  kill_children();
  set_status(state);
  exit(0);
}

// Nobody is there any more to read it, or to take it away.
static void vanish(void) {
  static const char *const names[] = {"go",     "stop", "cancel",  "status",
                                      "report", "out",  "scratch", "stdin"};
  kill_children();
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) unlinkat(folder_fd, names[i], 0);
  rmdir(options.folder);
  exit(0);
}

static void end_iteration(int how, const struct rusage *usage) {
  uint64_t ended_ns = clock_ns(CLOCK_MONOTONIC);
  kill_children();
  child = 0;
  report_iteration(how, usage, ended_ns);
  if (!WIFEXITED(how) || WEXITSTATUS(how) != 0) end("failed");
  done++;
  if (done >= options.iterations && !options.loop) end("done");
  if (done >= options.iterations && is_stopped) end("stopped");
  set_status("running");
  start_iteration();
}

static void reap(void) {
  struct signalfd_siginfo info;
  while (read(signals_fd, &info, sizeof info) > 0) continue;
  int how;
  struct rusage usage;
  for (;;) {
    pid_t pid = wait4(-1, &how, WNOHANG, &usage);
    if (pid <= 0) return;
    if (pid == child) end_iteration(how, &usage);
  }
}

// ---- what the agent says ------------------------------------------------------------------------

// Sleeps until the moment in DIR/go; one that is past or far away is not waited for.
static void wait_for_moment(void) {
  char text[32] = "";
  int fd = openat(folder_fd, "go", O_RDONLY | O_CLOEXEC);
  if (fd < 0 || read(fd, text, sizeof text - 1) < 0) text[0] = '\0';
  if (fd >= 0) close(fd);
  uint64_t moment_us = strtoull(text, NULL, 10), now_us = clock_ns(CLOCK_REALTIME) / 1000;
  if (moment_us <= now_us || moment_us - now_us > MOMENT_AHEAD_US_MAX) return;
  struct timespec moment = {(time_t)(moment_us / 1000000), (long)(moment_us % 1000000) * 1000};
  while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &moment, NULL) == EINTR) continue;
}

static void open_barrier(void) {
  if (is_open) return;
  wait_for_moment();
  is_open = true;
  opened_ms = now_ms();
  report("{\"gateNs\":%" PRIu64 ",\"gateUnixUs\":%" PRIu64 "}\n", clock_ns(CLOCK_MONOTONIC),
         clock_ns(CLOCK_REALTIME) / 1000);
}

static void stop(void) {
  is_stopped = true;
  if (is_open && done >= options.iterations) end("stopped");
}

static void take_events(void) {
  _Alignas(struct inotify_event) char buffer[4096];
  ssize_t length = read(events_fd, buffer, sizeof buffer);
  for (char *at = buffer; at < buffer + length;) {
    const struct inotify_event *event = (const struct inotify_event *)at;
    at += sizeof *event + event->len;
    touched_ms = now_ms();
    if (event->wd == status_watch || event->len == 0) continue;
    if (strcmp(event->name, "cancel") == 0) end("cancelled");
    if (strcmp(event->name, "go") == 0) open_barrier();
    if (strcmp(event->name, "stop") == 0) stop();
  }
}

static uint64_t later(uint64_t from_ms, uint64_t by_ms) {
  return by_ms > UINT64_MAX - from_ms ? UINT64_MAX : from_ms + by_ms;
}

static uint64_t earlier(uint64_t a, uint64_t b) { return a < b ? a : b; }

// Ends by itself, or says when to look again.
static int watch_clocks(void) {
  uint64_t now = now_ms(), next = later(touched_ms, options.lease_ms);
  if (now >= next) vanish();
  if (!is_open) return next - now > INT_MAX ? -1 : (int)(next - now);
  uint64_t timeout = later(opened_ms, options.timeout_ms);
  if (now >= timeout) end("timeout");
  next = earlier(next, timeout);
  if (child == 0) {
    uint64_t start = opened_ms + options.delay_ms;
    if (now >= start) {
      set_status("running");
      start_iteration();
    } else {
      next = earlier(next, start);
    }
  }
  return next - now > INT_MAX ? -1 : (int)(next - now);
}

static void run(void) {
  for (;;) {
    struct pollfd fds[] = {{signals_fd, POLLIN, 0}, {events_fd, POLLIN, 0}};
    int wait_ms = watch_clocks();
    if (poll(fds, 2, wait_ms) < 0 && errno != EINTR) fail(EXIT_FAILED, "poll");
    if (fds[1].revents != 0) take_events();
    if (fds[0].revents != 0) reap();
  }
}

// ---- before the barrier -------------------------------------------------------------------------

static void copy_stdin(void) {
  char buffer[65536];
  int copy = open_in_folder("stdin", O_WRONLY | O_CREAT | O_EXCL);
  for (ssize_t count; (count = read(0, buffer, sizeof buffer)) > 0;) {
    check(write(copy, buffer, (size_t)count) == count, "stdin");
  }
  close(copy);
}

static void make_folder(void) {
  check(mkdir(options.folder, 0700) == 0, options.folder);
  folder_fd = open(options.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  check(folder_fd >= 0, options.folder);
  copy_stdin();
  status_fd = open_in_folder("status", O_RDWR | O_CREAT | O_EXCL);
  report_fd = open_in_folder("report", O_WRONLY | O_CREAT | O_EXCL);
  out_fd = open_in_folder("out", O_WRONLY | O_CREAT | O_EXCL);
  scratch_fd = open_in_folder("scratch", O_RDWR | O_CREAT | O_EXCL | O_APPEND);
}

static void watch(void) {
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  sigprocmask(SIG_BLOCK, &children, NULL);
  signals_fd = signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK);
  events_fd = inotify_init1(IN_CLOEXEC);
  check(signals_fd >= 0 && events_fd >= 0, "signalfd, inotify");
  char path[PATH_MAX];
  snprintf(path, sizeof path, "%s/status", options.folder);
  status_watch = inotify_add_watch(events_fd, path, IN_OPEN);
  check(status_watch >= 0, "inotify");
  check(inotify_add_watch(events_fd, options.folder, IN_CLOSE_WRITE) >= 0, "inotify");
  check(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0, "prctl");
}

static void leave_terminal(void) {
  setsid();
  int null = open("/dev/null", O_RDWR);
  for (int fd = 0; fd < 3; fd++) dup2(null, fd);
  if (null > 2) close(null);
}

// The caller's process waits until its child stands at the barrier, then ends.
static void detach(void) {
  int ready[2];
  check(pipe2(ready, O_CLOEXEC) == 0, "pipe");
  pid_t launcher = fork();
  check(launcher >= 0, "fork");
  if (launcher > 0) {
    char byte;
    close(ready[1]);
    if (read(ready[0], &byte, 1) != 1) _exit(EXIT_FAILED);
    _exit(0);
  }
  watch();
  touched_ms = now_ms();
  set_status("waiting");
  check(write(ready[1], "", 1) == 1, "pipe");
  close(ready[0]);
  close(ready[1]);
  leave_terminal();
}

static uint64_t whole_number(const char *name, const char *text) {
  char *rest;
  errno = 0;
  uint64_t value = strtoull(text, &rest, 10);
  if (*text < '0' || *text > '9' || *rest != '\0' || errno != 0 || value > 1000000000000u) {
    fail(EXIT_ARGUMENTS, "%s is a whole number, not \"%s\"", name, text);
  }
  return value;
}

static void read_option(const char *name, char *value) {
  if (strcmp(name, "--folder") == 0) options.folder = value;
  else if (strcmp(name, "--iterations") == 0) options.iterations = whole_number(name, value);
  else if (strcmp(name, "--delay-ms") == 0) options.delay_ms = whole_number(name, value);
  else if (strcmp(name, "--timeout-ms") == 0) options.timeout_ms = whole_number(name, value);
  else if (strcmp(name, "--lease-ms") == 0) options.lease_ms = whole_number(name, value);
  else if (strcmp(name, "--env") == 0 && strchr(value, '=') != NULL) putenv(value);
  else fail(EXIT_ARGUMENTS, "unknown option \"%s\"", name);
}

static void read_arguments(int count, char **arguments) {
  int i = 1;
  for (; i < count && strcmp(arguments[i], "--") != 0; i++) {
    if (strcmp(arguments[i], "--loop") == 0) {
      options.loop = true;
    } else if (i + 1 < count) {
      read_option(arguments[i], arguments[i + 1]);
      i++;
    } else {
      fail(EXIT_ARGUMENTS, "%s: unknown, or its value is missing", arguments[i]);
    }
  }
  options.program = arguments + i + 1;
  if (i + 1 >= count) fail(EXIT_ARGUMENTS, "name a program behind --");
  if (options.folder == NULL) fail(EXIT_ARGUMENTS, "name a --folder");
  if (options.iterations == 0 && !options.loop) fail(EXIT_ARGUMENTS, "name --iterations or --loop");
}

int main(int count, char **arguments) {
  if (count == 2 && strcmp(arguments[1], "--version") == 0) {
    puts(VERSION);
    return 0;
  }
  read_arguments(count, arguments);
  make_folder();
  detach();
  run();
}
