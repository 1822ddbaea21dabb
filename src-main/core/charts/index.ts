/** The charts of the app: pure functions from contract data and a theme to an ECharts option. */
export * from './bars-chart.ts'
export * from './chart.ts'
export * from './chart-table.ts'
export * from './chart-text.ts'
export * from './chart-theme.ts'
export * from './comparison-view.ts'
export * from './scheme-palette.ts'
export * from './time-class-palette.ts'
