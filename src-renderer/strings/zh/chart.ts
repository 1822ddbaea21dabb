/** What every chart’s frame says. */

/** In Chinese. */
export const chart = {
  table: '数据',
  picture: '图',
  showTable: '以表格显示数据',
  showPicture: '显示图',
  csv: 'CSV',
  svg: 'SVG',
  png: 'PNG',
  pack: '图包',
  downloads: {
    csv: '将数据下载为 CSV',
    svg: '下载为 SVG，用于印刷',
    png: '下载为 PNG，与屏幕所见一致',
    pack: '下载为图包：图、数据以及重绘所需的一切',
  },
}
