/** Loaded by `node --import`: resolves `electron` to the stub, for the built main process. */
import { registerHooks } from 'node:module'

const stub = new URL('./electron-stub.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: stub, shortCircuit: true } : next(specifier, context),
})
