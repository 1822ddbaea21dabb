/** Words that every screen shares. */
import { formatCount } from '../../state/format.ts'

/** The names of the screens. */
export const screens = {
  library: '数据库',
  campaign: '实验',
  live: '实时',
  run: '运行',
  compare: '比较',
  timeline: '时间线',
  calibration: '校准',
  hosts: '主机',
  reports: '报告',
  settings: '设置',
  help: '帮助',
}

/** Where a figure comes from. */
export const kinds = { simulated: '仿真', measured: '实测', counterfactual: '反事实' }

/** What a provenance mark means. */
export const marks = {
  S: '来自读过的文献',
  K: '领域常识，未再核对',
  D: '由其他数值推导',
  A: '本项目的假设',
}

/** What an error without words says. */
export const errors = { unknown: '发生错误，但没有给出原因。', hint: '如何处理' }

/** The four verdicts. */
export const verdicts = {
  better: '更好',
  worse: '更差',
  equivalent: '等效',
  inconclusive: '不确定',
}

/** Things with their number. */
export const counts = {
  runs: (count: number) => `${formatCount(count)} 次运行`,
  apps: (count: number) => `${formatCount(count)} 个程序`,
  schemes: (count: number) => `${formatCount(count)} 种调度方案`,
  mixes: (count: number) => `${formatCount(count)} 种虚拟机组合`,
  overcommits: (count: number) => `${formatCount(count)} 级超配`,
  values: (count: number, name: string) => `${name} 的 ${formatCount(count)} 个取值`,
  seeds: (count: number) => `${formatCount(count)} 个种子`,
}

/** Where a campaign or a cell stands. */
export const statuses = {
  new: '新建',
  pending: '等待',
  running: '运行中',
  paused: '已暂停',
  cancelled: '已取消',
  interrupted: '已中断',
  finished: '已完成',
  failed: '失败',
  skipped: '已跳过',
}
