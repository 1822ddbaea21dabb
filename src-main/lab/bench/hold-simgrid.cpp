// Hold model on SimGrid: a yardstick of `flexlab bench`, see hold.cpp. One unit of its clock stands
// for a nanosecond. Arguments: entities, holds, and how an entity waits: `actors` that sleep, as
// programs for SimGrid are written, or `timers` of its kernel, which is faster and undocumented.
// Without any it prints its version.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <simgrid/kernel/Timer.hpp>
#include <simgrid/s4u.hpp>
#include <simgrid/version.h>

using simgrid::kernel::timer::Timer;
using simgrid::s4u::Actor;
using simgrid::s4u::Engine;

static std::vector<double> makeDelays() {
  std::vector<double> delays(1 << 16);
  uint32_t x = 2463534242u;
  for (double &delay : delays) {
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    delay = 1 + (x >> 12);
  }
  return delays;
}

static double cpuSeconds() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static const std::vector<double> delays = makeDelays();
static uint64_t sequence = 0;
static uint64_t holdsLeft = 0;
static double start = 0;

static double nextDelay() { return delays[sequence++ & 0xffff]; }

// Ends the program: actors that sleep for ever would keep the simulation alive.
static void countHold(double now) {
  if (--holdsLeft > 0) return;
  std::printf("%.9f %.0f\n", cpuSeconds() - start, now);
  std::fflush(stdout);
  std::_Exit(0);
}

static void sleepForEver() {
  for (;;) {
    simgrid::s4u::this_actor::sleep_for(nextDelay());
    countHold(Engine::get_clock());
  }
}

static void setTimer(double time) {
  Timer::set(time, [time] {
    setTimer(time + nextDelay());
    countHold(time);
  });
}

int main(int count, char **arguments) {
  Engine engine(&count, arguments);
  if (count == 1) {
    std::printf("%d.%d\n", SIMGRID_VERSION_MAJOR, SIMGRID_VERSION_MINOR);
    return 0;
  }
  if (count != 4) return 2;
  const uint32_t entities = std::strtoul(arguments[1], nullptr, 10);
  holdsLeft = std::strtoull(arguments[2], nullptr, 10);
  const bool isByTimers = std::string(arguments[3]) == "timers";
  auto *zone = simgrid::s4u::create_full_zone("zone");
  auto *host = zone->create_host("host", 1e9);
  zone->seal();
  for (uint32_t entity = 0; entity < entities; entity++) {
    if (isByTimers) setTimer(nextDelay());
    else Actor::create("entity", host, sleepForEver);
  }
  // Without an actor SimGrid fires no timer.
  if (isByTimers) Actor::create("awake", host, [] { simgrid::s4u::this_actor::sleep_for(1e18); });
  start = cpuSeconds();
  engine.run();
  return 1;
}
