/** Router: keeps the route and the location hash equal, so that every view can be linked. */
import { formatRoute, parseRoute } from './route.ts'
import type { Guards } from './guards.svelte.ts'
import type { Route, Screen } from './route.ts'

/** The part of `window` that the router needs. */
export type RouterWindow = Pick<Window, 'location' | 'history' | 'addEventListener'>

/** The current route and the ways to change it. */
export class Router {
  #route = $state.raw<Route>(parseRoute(''))
  readonly #window: RouterWindow
  readonly #guards: Guards

  constructor(host: RouterWindow, guards: Guards) {
    this.#window = host
    this.#guards = guards
    this.#route = parseRoute(host.location.hash)
    host.addEventListener('hashchange', () => this.#follow(parseRoute(host.location.hash)))
  }

  get route(): Route {
    return this.#route
  }

  /** Opens a screen and adds to the history; first asks where something would be lost. */
  go(screen: Screen, id: string | null = null, params: Record<string, string> = {}): void {
    this.open({ screen, id, params })
  }

  /** As `go`, with a route, e.g. of a link. */
  open(route: Route): void {
    this.#guards.leave(() => {
      this.#route = route
      this.#window.history.pushState(null, '', formatRoute(route))
    })
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

  /** The address has changed by a link or the history; it is put back while the user is asked. */
  #follow(wanted: Route): void {
    const isSame = wanted.screen === this.#route.screen && wanted.id === this.#route.id
    if (isSame) {
      this.#route = wanted
      return
    }
    let isAsked = false
    let hasGone = false
    const here = formatRoute(this.#route)
    this.#guards.leave(() => {
      if (isAsked) this.#window.history.pushState(null, '', formatRoute(wanted))
      this.#route = wanted
      hasGone = true
    })
    isAsked = !hasGone
    if (isAsked) this.#window.history.replaceState(null, '', here)
  }
}
