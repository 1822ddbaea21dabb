/** What every chart’s frame says. */
export const chart = {
  table: 'Data',
  picture: 'Chart',
  showTable: 'Show the data as a table',
  showPicture: 'Show the chart',
  csv: 'CSV',
  svg: 'SVG',
  png: 'PNG',
  download: 'Download as',
} as const
