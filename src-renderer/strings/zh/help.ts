/** What the Help screen says around its pages; the pages themselves are in English. */

/** In Chinese. */
export const help = {
  title: '帮助',
  search: '搜索帮助',
  pages: '帮助页面',
  none: '没有包含这些词的页面',
  noneText: '请减少搜索词，或浏览左侧目录。帮助正文为英文。',
  unknown: (topic: string) => `没有页面“${topic}”`,
  unknownText: '它可能属于其他版本。请在左侧选择页面。',
  kinds: {
    guide: '应用',
    harm: '会出什么问题',
    scheme: '调度方案',
    'time-class': '时间类别',
    metric: '指标',
    statistic: '统计',
  },
  see: '另见',
  behind: '依据',
  read: { whole: '已读全文', abstract: '已读摘要', known: '领域常识，未再核对' },
  parameters: '参数',
  parameterColumns: { name: '参数', value: '默认值', mark: '标记', source: '出处' },
  schematic: '示意图：时间自左向右；其中没有任何实测内容。',
  legend: {
    a: '虚拟机 A 运行',
    b: '虚拟机 B 运行',
    spin: '自旋',
    lock: '持有锁，或作出响应',
    wait: '等待',
    idle: '空闲',
  },
  about: (title: string) => `帮助：${title}`,
}
