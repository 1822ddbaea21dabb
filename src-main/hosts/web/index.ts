/** The browser host's door: what the launcher and the command line use of it. */
export { hasDisplay } from './open-browser.ts'
export { serveLab } from './serve-lab.ts'
export type { ServeLabOptions } from './serve-lab.ts'
export { serve } from './serve.ts'
export type { Served, ServeOptions } from './serve.ts'
