/**
 * Where a worker's code is: the one place that knows the difference between the sources (Node runs
 * them as they are) and the build (`dist/workers/<name>/<name>.js`, see vite.config.ts).
 */

/**
 * URL of `<name>.worker.ts` in `folder` of the sources, both seen from `self`: this file, or the
 * bundle `dist/main/main.js`. A packed app has that in `app.asar`, where no worker can start, so
 * electron-builder unpacks it.
 */
export function workerEntry(name: string, folder: string, self: string = import.meta.url): URL {
  if (self.endsWith('.ts')) return new URL(`${folder}${name}.worker.ts`, self)
  const bundled = new URL(`../workers/${name}/${name}.js`, self).href
  return new URL(bundled.replace('/app.asar/', '/app.asar.unpacked/'))
}

/** URL of the simulation worker. */
export const simulationWorkerEntry = (self: string = import.meta.url): URL =>
  workerEntry('simulation', './', self)
