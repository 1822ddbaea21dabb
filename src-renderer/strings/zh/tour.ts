/** What the tour says. Names of controls come from the screens' own texts. */

/** In Chinese. */
export const tour = {
  title: '导览',
  label: '主要工作流程导览',
  start: '开始导览',
  resume: '继续导览',
  restart: '从头开始',
  of: (step: number, steps: number) => `第 ${step} 步，共 ${steps} 步`,
  steps: '导览步骤',
  back: '上一步',
  next: '下一步',
  finish: '完成',
  close: '关闭导览',
  showMe: '指给我看',
  notHere: (screen: string) => `这一步在“${screen}”页面上完成。`,
  goThere: (screen: string) => `前往“${screen}”`,
  done: '已完成',
  closed: '导览停留在当前步骤：可从“帮助”，或按 Ctrl K 输入“导览”继续。',
  open: (screen: string) => `在左侧栏中打开“${screen}”`,
  choose: (option: string) => `选择“${option}”`,
  press: (name: string) => `按“${name}”`,
  waitFinished: '等待显示已完成',
  waitFigures: '等待图表出现',
  waitSaved: '等待文件生成',
  choice: {
    title: '选择要比较的内容',
    text:
      '实验是程序与调度方案组成的网格。此模板在三个程序上比较两种方案：原版 KVM（cfs）与 ' +
      'FlexCore（flexcore）。可在“调度方案”中另选。',
  },
  run: {
    title: '运行',
    text: '右侧显示运行次数和所需时间。每种方案使用相同的八个种子，因此运行可以成对比较。',
  },
  watch: {
    title: '观察运行',
    text: '每个方格是一次运行。可随时暂停、取消和继续，也可以切换到其他页面：已完成的都会保留。',
  },
  compare: {
    title: '阅读比较结果',
    text:
      '位于 1 线左侧的条形比基准快；误差线为 95 % 区间。结论为更好、更差、等效或不确定（~）。' +
      '下方显示时间的去向。',
  },
  report: {
    title: '导出报告',
    text:
      'PDF 包含图、表、方法以及重现全部结果的命令。每页都注明 Simulated（仿真）。' +
      '可在“报告”中选择章节和纸张。',
  },
}
