# Earliest deadline first in SimSo, for `flexlab bench`: the same case as edf.ts, which must agree on
# all counts. Arguments: the folder with SimSo, the case as JSON. Prints counts and CPU time as JSON.
import json
import os
import sys
import time

folder, case = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, folder)

import simso
from simso.configuration import Configuration
from simso.core import Model
from simso.core.JobEvent import JobEvent

SCHEDULERS = {"global": "simso.schedulers.EDF", "partitioned": "simso.schedulers.P_EDF"}


def build_model():
    per_ms = case["ticksPerMs"]
    configuration = Configuration()
    configuration.cycles_per_ms = per_ms
    configuration.duration = case["duration"]
    for at, task in enumerate(case["tasks"]):
        period = task["period"] / per_ms
        configuration.add_task(
            name=f"task{at}",
            identifier=at,
            period=period,
            deadline=period,
            wcet=task["cost"] / per_ms,
            activation_date=task["firstRelease"] / per_ms,
            abort_on_miss=False,
        )
    for at in range(case["cpus"]):
        configuration.add_processor(name=f"cpu{at}", identifier=at)
    configuration.scheduler_info.clas = SCHEDULERS[case["rule"]]
    configuration.check_all()
    return Model(configuration)


def count_switches(model):
    starts = [
        (event.id_, event.cpu.identifier, event.job.name)
        for task in model.task_list
        for _, event in task.monitor
        if event.event == JobEvent.EXECUTE
    ]
    before = {}
    switches = 0
    for _, cpu, job in sorted(starts):
        if before.get(cpu) != job:
            switches += 1
            before[cpu] = job
    return switches


model = build_model()
# Its global EDF prints a line for each decision.
printed, sys.stdout = sys.stdout, open(os.devnull, "w")
start = time.process_time()
model.run_model()
cpu_seconds = time.process_time() - start
sys.stdout = printed
done = [job for task in model.task_list for job in task.jobs if job.end_date is not None]
print(
    json.dumps(
        {
            "version": simso.__version__,
            "cpuSeconds": cpu_seconds,
            "switches": count_switches(model),
            "finished": len(done),
            "missed": sum(1 for job in done if job.exceeded_deadline),
            "finishSum": sum(job.end_date for job in done),
        }
    )
)
