/** What the Live screen says. */
import type { StopProgress } from '../../../src-main/core/contract/progress.ts'

const percent = (fraction: number): string => `${Number((fraction * 100).toPrecision(3))} %`

function stopText({ ciWidth, min, max, groups, ended, widest }: StopProgress): string {
  const rule =
    `停止规则：重复 ${min} 到 ${max} 次；当一组内所有比值的 95 % 区间宽度都不超过 ` +
    `${percent(ciWidth)} 时，该组结束。`
  if (groups === null || ended === null) return `${rule}从第 ${min} 次重复起判断。`
  const open = widest === null ? '' : `其余各组中最宽的为 ${percent(widest)}。`
  return `${rule}${groups} 组中已有 ${ended} 组结束。${ended === groups ? '' : open}`
}

/** In Chinese. */
export const live = {
  title: '实时',
  empty: '队列为空',
  emptyText: '正在运行的实验会在这里逐单元显示进度。',
  rerun: '再次运行上一个实验',
  newCampaign: '新建实验',
  pause: '暂停',
  resume: '继续',
  cancel: '取消',
  retryAll: '重试失败的单元',
  retry: '重试',
  skip: '跳过',
  compare: '比较',
  active: '正在运行',
  noneActive: '没有正在运行的单元。',
  grid: '按程序和调度方案的进度',
  failures: '失败的单元',
  log: '日志',
  logEmpty: '尚无结束的单元。',
  left: '剩余',
  elapsed: '已用时间',
  workers: '工作线程',
  rate: '事件/秒',
  queue: '队列',
  waitsForWorkers: '等待空闲的工作线程',
  waitsForHost: (host: string) => `等待 ${host}`,
  activeCells: (count: number) => `${count} 个运行中`,
  campaigns: '实验',
  cells: '个单元',
  failed: '失败',
  skipped: '跳过',
  notNeeded: '不再需要',
  stop: stopText,
  seed: (seed: number) => `种子 ${seed}`,
  columns: {
    cell: '单元',
    app: '程序',
    scheme: '调度方案',
    seed: '种子',
    done: '完成',
    simulated: '仿真时间',
    events: '事件',
  },
  etaSoon: '完成三个单元后给出估计。',
}
