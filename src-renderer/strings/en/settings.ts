/** What the Settings screen says. */
export const settings = {
  title: 'Settings',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  about: 'About',
  checks: 'Checks',
  doctor: 'Check this installation',
  host: 'Host',
  runtime: 'Runtime',
  database: 'Database',
  schema: 'Schema',
  cpus: 'Logical CPUs',
  readOnly: '(read-only)',
} as const
