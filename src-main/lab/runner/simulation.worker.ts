/** Entry of a simulation worker: the simulator behind a task port, and nothing else. */
import { simulate } from '../../core/simulate/simulate.ts'
import { serveTasks } from './task-port.ts'

serveTasks(simulate)
