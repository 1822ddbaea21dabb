/**
 * Where a simulation worker's code is: the one place that knows the difference between the sources
 * (Node runs them as they are) and the build (`dist/workers/<name>/<name>.js`, see vite.config.ts).
 */

/**
 * URL of the simulation worker, seen from `self`: this file, or the bundle `dist/main/main.js`. A
 * packed app has that in `app.asar`, where no worker can start, so electron-builder unpacks it.
 */
export function simulationWorkerEntry(self: string = import.meta.url): URL {
  if (self.endsWith('.ts')) return new URL('./simulation.worker.ts', self)
  const bundled = new URL('../workers/simulation/simulation.js', self).href
  return new URL(bundled.replace('/app.asar/', '/app.asar.unpacked/'))
}
