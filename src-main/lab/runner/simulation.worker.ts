/** Entry of a simulation worker: the simulator behind a task port, and nothing else. */
import { simulate } from '../../core/simulate/simulate.ts'
import { serveTasks } from './task-port.ts'
import { tuneV8 } from './tune-v8.ts'

tuneV8()
serveTasks(simulate)
