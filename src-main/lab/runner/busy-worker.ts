/**
 * busy-worker: which line a worker is executing that no longer answers. Asked of V8's inspector
 * within this process (no port is opened), which interrupts even an endless loop.
 */
import { Session } from 'node:inspector/promises'
import { fileURLToPath } from 'node:url'

const ANSWER_MS_MAX = 1000

type Message = { readonly method?: string; readonly params?: Readonly<Record<string, unknown>> }
type Frame = { readonly location: { readonly scriptId: string; readonly lineNumber: number } }

/** `file:line`, of a user's scheme if it stands on the stack; null when V8 does not say in time. */
export async function whereItIs(threadId: number): Promise<string | null> {
  const session = new Session()
  const attached: string[] = []
  const silence = Promise.withResolvers<null>()
  const timer = setTimeout(() => silence.resolve(null), ANSWER_MS_MAX)
  try {
    session.connect()
    return await Promise.race([pausedAt(session, threadId, attached), silence.promise])
  } catch {
    // Only the error's text is poorer without it.
    return null
  } finally {
    clearTimeout(timer)
    await letGo(session, attached)
  }
}

/** A worker that is still attached when the session ends would never hear anything again. */
async function letGo(session: Session, attached: readonly string[]): Promise<void> {
  for (const sessionId of attached) {
    await session.post('NodeWorker.detach', { sessionId }).catch(() => undefined)
  }
  session.disconnect()
}

async function pausedAt(session: Session, threadId: number, all: string[]): Promise<string | null> {
  const attached = Promise.withResolvers<string>()
  const frames = Promise.withResolvers<readonly Frame[]>()
  const urls = new Map<string, string>()
  session.on('NodeWorker.attachedToWorker', ({ params }) => {
    all.push(params.sessionId)
    // Its id there is a count of the inspector's own; the thread's stands in the title.
    const isIt = params.workerInfo.title.startsWith(`[worker ${threadId}]`)
    if (isIt) attached.resolve(params.sessionId)
  })
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { method, params: of } = JSON.parse(params.message) as Message
    if (method === 'Debugger.scriptParsed') urls.set(String(of?.['scriptId']), String(of?.['url']))
    if (method === 'Debugger.paused') frames.resolve(of?.['callFrames'] as readonly Frame[])
  })
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
  const sessionId = await attached.promise
  for (const [id, method] of ['Debugger.enable', 'Debugger.pause'].entries()) {
    const message = JSON.stringify({ id, method })
    await session.post('NodeWorker.sendMessageToWorker', { sessionId, message })
  }
  return placeIn(await frames.promise, urls)
}

function placeIn(stack: readonly Frame[], urls: ReadonlyMap<string, string>): string | null {
  const places = stack.map(({ location }) => ({
    url: urls.get(location.scriptId) ?? '',
    line: location.lineNumber + 1,
  }))
  const place = places.find(({ url }) => url.includes('?sha256=')) ?? places[0]
  if (place === undefined || !place.url.startsWith('file:')) return null
  return `${fileURLToPath(place.url.split('?')[0] ?? '')}:${place.line}`
}
