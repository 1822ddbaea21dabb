// Hold model on ns-3: a yardstick of `flexlab bench`, see hold.cpp. Each hold is a call of
// Simulator::Schedule, as programs for ns-3 are written. Arguments: entities, holds, and the event
// queue (Map, ns-3's default; Heap, List, Calendar, PriorityQueue). Without any it
// prints its version.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include "ns3/core-module.h"
#include "ns3/version-defines.h"

using ns3::NanoSeconds;
using ns3::Simulator;

static std::vector<int64_t> makeDelays() {
  std::vector<int64_t> delays(1 << 16);
  uint32_t x = 2463534242u;
  for (int64_t &delay : delays) {
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

static const std::vector<int64_t> delays = makeDelays();
static uint64_t sequence = 0;
static uint64_t holdsLeft = 0;

static void hold(uint32_t entity) {
  Simulator::Schedule(NanoSeconds(delays[sequence++ & 0xffff]), &hold, entity);
  if (--holdsLeft == 0) Simulator::Stop();
}

int main(int count, char **arguments) {
  if (count == 1) {
    std::printf("%d.%d\n", NS3_VERSION_MAJOR, NS3_VERSION_MINOR);
    return 0;
  }
  if (count != 4) return 2;
  const uint32_t entities = std::strtoul(arguments[1], nullptr, 10);
  holdsLeft = std::strtoull(arguments[2], nullptr, 10);
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::" + std::string(arguments[3]) + "Scheduler");
  Simulator::SetScheduler(scheduler);
  for (uint32_t entity = 0; entity < entities; entity++) {
    Simulator::Schedule(NanoSeconds(delays[sequence++ & 0xffff]), &hold, entity);
  }
  const double start = cpuSeconds();
  Simulator::Run();
  const double seconds = cpuSeconds() - start;
  std::printf("%.9f %lld\n", seconds, static_cast<long long>(Simulator::Now().GetNanoSeconds()));
}
