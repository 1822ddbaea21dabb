/** Router: keeps the route and the location hash equal, so that every view can be linked. */
import { formatRoute, parseRoute } from './route.ts'
import type { Route, Screen } from './route.ts'

/** The part of `window` that the router needs. */
export type RouterWindow = Pick<Window, 'location' | 'history' | 'addEventListener'>

/** The current route and the ways to change it. */
export class Router {
  #route = $state.raw<Route>(parseRoute(''))
  readonly #window: RouterWindow

  constructor(host: RouterWindow) {
    this.#window = host
    this.#route = parseRoute(host.location.hash)
    host.addEventListener('hashchange', () => {
      this.#route = parseRoute(host.location.hash)
    })
  }

  get route(): Route {
    return this.#route
  }

  /** Opens a screen and adds to the history. */
  go(screen: Screen, id: string | null = null, params: Record<string, string> = {}): void {
    const route = { screen, id, params }
    this.#route = route
    this.#window.history.pushState(null, '', formatRoute(route))
  }

  /** Changes the view's state in place; no history entry. An empty value removes a parameter. */
  update(changes: Record<string, string>): void {
    const filled = Object.entries({ ...this.#route.params, ...changes })
    const params = Object.fromEntries(filled.filter(([, value]) => value !== ''))
    this.#route = { ...this.#route, params }
    this.#window.history.replaceState(null, '', formatRoute(this.#route))
  }

  /** Names what the current screen is open on; no history entry. */
  setId(id: string | null): void {
    if (id === this.#route.id) return
    this.#route = { ...this.#route, id }
    this.#window.history.replaceState(null, '', formatRoute(this.#route))
  }
}
