// Hold model on std::priority_queue: the yardstick of `flexlab bench` for the event queue. Takes the
// earliest event and schedules its entity anew, so many times; the order is (time, sequence), as in
// src-main/core/sim. Arguments: entities, holds. Prints the CPU seconds of the holds and the time of
// the last one, on which all hold models must agree. Without arguments it prints the version of g++.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <queue>
#include <vector>

struct Event {
  double time;
  uint64_t sequence;
  uint32_t entity;
};

struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.time != b.time ? a.time > b.time : a.sequence > b.sequence;
  }
};

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

int main(int count, char **arguments) {
  if (count == 1) {
    std::printf("%d.%d.%d\n", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
    return 0;
  }
  if (count != 3) return 2;
  const uint32_t entities = std::strtoul(arguments[1], nullptr, 10);
  const uint64_t holds = std::strtoull(arguments[2], nullptr, 10);
  const std::vector<double> delays = makeDelays();
  std::priority_queue<Event, std::vector<Event>, Later> queue;
  uint64_t sequence = 0;
  for (uint32_t entity = 0; entity < entities; entity++) {
    queue.push({delays[sequence & 0xffff], sequence, entity});
    sequence++;
  }
  double now = 0;
  const double start = cpuSeconds();
  for (uint64_t i = 0; i < holds; i++) {
    const Event event = queue.top();
    queue.pop();
    now = event.time;
    queue.push({now + delays[sequence & 0xffff], sequence, event.entity});
    sequence++;
  }
  std::printf("%.9f %.0f\n", cpuSeconds() - start, now);
}
