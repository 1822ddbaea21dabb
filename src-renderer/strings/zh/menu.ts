/** Menus and the desktop’s own dialogs. */

/** In Chinese. */
export const menu = {
  menus: {
    file: '文件',
    edit: '编辑',
    view: '视图',
    run: '运行',
    window: '窗口',
    help: '帮助',
  },
  commands: {
    'file.new-campaign': '新建实验',
    'file.open': '打开文件…',
    'file.save-campaign': '保存实验文件',
    'file.libraries': '数据库与备份',
    'file.export-report': '导出报告',
    'edit.undo': '撤销',
    'edit.redo': '重做',
    'edit.find': '查找',
    'view.palette': '命令面板',
    'view.inspector': '检查器',
    'view.theme': '浅色或深色',
    'run.start': '开始或继续',
    'run.pause': '暂停',
    'run.cancel': '取消',
    'run.retry': '重试失败的单元',
    'help.contents': '帮助页面',
    'help.tour': '导览',
    'help.shortcuts': '键盘快捷键',
    'help.doctor': '检查此安装',
    'help.about': '关于 FlexCore Lab',
  },
  closing: {
    message: '有实验正在主机上测量。',
    detail:
      '继续运行：窗口关闭，实验结束后程序才退出。停止并还原：实验停止，之后可以继续；主机恢复原状。',
    keep: '继续运行',
    stop: '停止并还原',
    cancel: '取消',
    unsaved: '有内容尚未保存。仍要关闭吗？',
    leave: '不保存并关闭',
  },
}
