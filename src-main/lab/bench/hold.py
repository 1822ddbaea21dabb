# Hold model on SimPy: the second yardstick of `flexlab bench`, see hold.cpp. Each entity is a process
# that waits again and again, as programs for SimPy are written.
import sys
import time

import simpy


def make_delays():
    x = 2463534242
    delays = []
    for _ in range(1 << 16):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        delays.append(1 + (x >> 12))
    return delays


delays = make_delays()
entities, holds = int(sys.argv[1]), int(sys.argv[2])
sequence = 0
held = 0


def entity(env, done):
    global sequence, held
    while True:
        delay = delays[sequence & 0xFFFF]
        sequence += 1
        yield env.timeout(delay)
        held += 1
        if held == holds:
            done.succeed()


env = simpy.Environment()
done = env.event()
for _ in range(entities):
    env.process(entity(env, done))
start = time.process_time()
env.run(until=done)
print(f"{time.process_time() - start:.9f} {env.now}")
