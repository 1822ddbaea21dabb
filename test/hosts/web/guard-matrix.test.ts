// The whole matrix Host × Origin × token × method × target against a running server, with the exact
// status of every cell in guard-matrix.golden.txt, and what must hold for all of them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { send, UPGRADE_HEADERS } from './support/raw-request.ts'
import { openSession, startServer } from './support/served.ts'
import type { TestServer, TestSession } from './support/served.ts'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']
const PROOFS = {
  '/': ['none'],
  '/session': ['right token', 'wrong token', 'no token'],
  '/rpc': ['both halves'],
  '/rpc upgrade': ['both halves', 'cookie only', 'key only', "another session's key", 'none'],
} as const

type Target = keyof typeof PROOFS
type Cell = {
  readonly target: Target
  readonly proof: string
  readonly host: string
  readonly origin: string
  readonly statuses: readonly number[]
}

let server: TestServer
let session: TestSession
let other: TestSession
let cells: Cell[]

beforeAll(async () => {
  server = await startServer()
  session = await openSession(server)
  other = await openSession(server)
  cells = await measure()
})

afterAll(() => server.stop())

function hosts(): Record<string, readonly string[]> {
  const { host, port } = server
  return {
    own: [host],
    'own, twice': [host, host],
    'own, then evil': [host, 'evil.example'],
    missing: [],
    localhost: [`localhost:${port}`],
    'evil.example': [`evil.example:${port}`],
    'without port': ['127.0.0.1'],
    'another port': [`127.0.0.1:${port + 1}`],
  }
}

function origins(): Record<string, string | null> {
  const { origin, port } = server
  return {
    own: origin,
    none: null,
    null: 'null',
    'evil.example': 'http://evil.example',
    localhost: `http://localhost:${port}`,
    https: `https://127.0.0.1:${port}`,
    'another port': `http://127.0.0.1:${port + 1}`,
  }
}

function proofHeaders(target: Target, proof: string): Record<string, string> {
  if (target === '/session') return { 'x-flexlab': '1', 'content-type': 'application/json' }
  if (target === '/') return {}
  const key = proof === "another session's key" ? other.key : session.key
  const hasKey = proof !== 'cookie only' && proof !== 'none'
  const hasCookie = proof !== 'key only' && proof !== 'none'
  return {
    'sec-websocket-protocol': hasKey ? `flexlab-rpc, key.${key}` : 'flexlab-rpc',
    ...(hasCookie ? { cookie: session.cookie } : {}),
    ...(target === '/rpc upgrade' ? UPGRADE_HEADERS : {}),
  }
}

function proofBody(target: Target, proof: string): string | undefined {
  if (target !== '/session') return undefined
  if (proof === 'no token') return '{}'
  return JSON.stringify({ token: proof === 'right token' ? server.token : 'A'.repeat(43) })
}

async function measure(): Promise<Cell[]> {
  const measured: Cell[] = []
  for (const target of Object.keys(PROOFS) as Target[]) {
    for (const proof of PROOFS[target]) {
      for (const [host, hostValues] of Object.entries(hosts())) {
        for (const [origin, originValue] of Object.entries(origins())) {
          const headers = {
            ...proofHeaders(target, proof),
            ...(hostValues.length === 0 ? {} : { host: hostValues }),
            ...(originValue === null ? {} : { origin: originValue }),
          }
          const statuses = await Promise.all(
            METHODS.map((method) => statusOf(target, proof, method, headers)),
          )
          measured.push({ target, proof, host, origin, statuses })
        }
      }
    }
  }
  return measured
}

async function statusOf(
  target: Target,
  proof: string,
  method: string,
  headers: Record<string, string | readonly string[]>,
): Promise<number> {
  const path = target === '/' ? '/' : target.split(' ')[0]!
  const hasBody = ['POST', 'PUT', 'PATCH'].includes(method) && target === '/session'
  const body = hasBody ? proofBody(target, proof) : undefined
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const sent = { port: server.port, method, path, headers: { ...headers, ...length } }
  return (await send(body === undefined ? sent : { ...sent, body })).status
}

/** Every status that some cell satisfying the condition has. */
function statusesOf(condition: (cell: Cell, method: string) => boolean): number[] {
  const found = cells.flatMap((cell) =>
    METHODS.flatMap((method, i) => (condition(cell, method) ? [cell.statuses[i]!] : [])),
  )
  return [...new Set(found)].sort((a, b) => a - b)
}

const isGood = (status: number) => status < 400

test('every cell of Host × Origin × token × method has exactly its recorded status', async () => {
  const head = ['target', 'proof', 'Host', 'Origin', ...METHODS]
  const rows = cells.map((cell) => [
    cell.target,
    cell.proof,
    cell.host,
    cell.origin,
    ...cell.statuses,
  ])
  const text = [head, ...rows].map((row) => row.join(' | ')).join('\n')
  await expect(`${text}\n`).toMatchFileSnapshot('guard-matrix.golden.txt')
})

test('a wrong Host is refused before anything else, whatever the rest of the request is', () => {
  expect(statusesOf((cell) => cell.host !== 'own')).toEqual([421])
})

test('a wrong Origin is refused for every target, token and method', () => {
  const isWrong = (cell: Cell) => cell.origin !== 'own' && cell.origin !== 'none'
  expect(statusesOf((cell) => cell.host === 'own' && isWrong(cell))).toEqual([403])
})

test('a session is only given to the right token, by POST, from our own origin', () => {
  const good = cells.filter((cell) => cell.target === '/session' && cell.statuses.some(isGood))
  expect(good.map(({ proof, host, origin }) => [proof, host, origin])).toEqual([
    ['right token', 'own', 'own'],
  ])
  expect(good[0]?.statuses).toEqual([405, 405, 200, 405, 405, 405, 405, 405])
})

test('a WebSocket is only opened with both halves of one session, from our own origin', () => {
  const good = cells.filter((cell) => cell.target === '/rpc upgrade' && cell.statuses.some(isGood))
  expect(good.map(({ proof, host, origin }) => [proof, host, origin])).toEqual([
    ['both halves', 'own', 'own'],
  ])
  expect(good[0]?.statuses).toEqual([101, 405, 405, 405, 405, 405, 405, 405])
})

test('a page without any Origin reads the start page and nothing else', () => {
  const good = cells.filter((cell) => cell.origin === 'none' && cell.statuses.some(isGood))
  expect(good.map(({ target, host }) => [target, host])).toEqual([['/', 'own']])
})
