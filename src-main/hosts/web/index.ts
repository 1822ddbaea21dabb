/** The browser host's door: what the launcher and the command line use of it. */
export { serve } from './serve.ts'
export type { Served, ServeOptions } from './serve.ts'
