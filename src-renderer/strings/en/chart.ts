/** What every chart’s frame says. */
export const chart = {
  table: 'Data',
  picture: 'Chart',
  showTable: 'Show the data as a table',
  showPicture: 'Show the chart',
  csv: 'CSV',
  svg: 'SVG',
  png: 'PNG',
  pack: 'Pack',
  downloads: {
    csv: 'Download the data as CSV',
    svg: 'Download as SVG, for print',
    png: 'Download as PNG, as it is on the screen',
    pack: 'Download as figure pack: picture, data, and what draws it again',
  },
} as const
