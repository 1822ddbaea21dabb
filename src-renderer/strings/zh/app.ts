/** What the shell says: rail, menu, palette, notices, files, questions. */

/** In Chinese. */
export const app = {
  name: 'FlexCore Lab',
  skip: '跳到主要内容',
  rail: '页面',
  menu: '菜单',
  inspector: '检查器',
  toggleInspector: '显示或隐藏检查器',
  sizeInspector: '检查器的宽度',
  dismiss: '关闭提示',
  undo: '撤销',
  undone: (text: string) => `已撤销：${text}`,
  connecting: '正在连接实验室',
  lost: '与实验室的连接已断开。正在运行的实验会继续；此页面会自动重新连接。',
  reconnect: '重新连接',
  loading: '正在加载',
  themeToDark: '深色主题',
  themeToLight: '浅色主题',
  palette: '转到或执行',
  paletteHint: '输入页面、实验、运行、主机或操作的名称',
  paletteNone: '没有匹配的名称',
  groups: { screen: '页面', action: '操作', template: '从模板新建' },
  shortcuts: '键盘快捷键',
  keys: {
    everywhere: '全局',
    tables: '表格',
    move: '在行或页面栏中移动',
    extend: '扩展选区',
    add: '加入选区',
    open: '打开',
    trash: '移到回收站',
  },
  notHere: (command: string) => `此处没有可“${command}”的对象。`,
  close: '关闭',
  running: (count: number) => `${count} 个实验正在运行`,
  remoteGoesOn:
    '有主机正在测量，或正处于某个调度方案之下。关闭此页面不会停止任何任务：实验室会继续运行。' +
    '要停止，请在“实时”中取消实验，或还原主机。',
  leave: {
    title: '不保存就离开？',
    text: (what: string) => `${what}尚未保存。`,
    stay: '留下',
    save: '保存并离开',
    discard: '不保存并离开',
  },
  files: {
    drop: '松开即可打开',
    dropHint: '实验文件、数据库或归档',
    opened: (name: string) => `已打开 ${name}`,
    scheme: (name: string) =>
      `${name} 是调度方案，也就是程序，因此不会通过拖放加载。如果您信任它，请放入数据文件夹的 ` +
      'schemes 目录，或用 --scheme-file 启动。',
    workload: (name: string) =>
      `${name} 是负载。请放入数据文件夹的 workloads 目录，或用 --workload-file 启动，` +
      '之后它会出现在所有列表中。',
    scenario: (name: string) =>
      `${name} 是场景，即单个情形。请用以下命令运行：flexlab simulate ${name}`,
    library: (name: string) =>
      `${name} 是数据库。要打开其他数据库，请在启动时指定：flexlab start --db ${name}`,
    archive: (name: string) =>
      `${name} 是 FlexCore Lab 归档。此版本还不能打开归档；文件内容未被读取。`,
    trace: (name: string) =>
      `${name} 是 Chrome 格式的轨迹。无法打开外来轨迹；时间线只显示实验室自己记录的轨迹。`,
    unknown: (name: string) => `${name} 无法在此打开：它既不是实验文件，也不是数据库或归档。`,
  },
}
