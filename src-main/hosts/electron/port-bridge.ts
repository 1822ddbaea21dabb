/**
 * The bridge to the window: takes the one MessagePort that our own page sends, and lets the lab's
 * router answer on it. Whoever else sends one is refused.
 */
import type { IpcMainEvent, MessagePortMain, WebContents, WebFrameMain } from 'electron'
import type { createRpcHandler, RpcSocket } from '../web/rpc-handler.ts'
import { isAppUrl } from './app-protocol.ts'

/** The part of a message that decides whether its sender is our page. */
export type PageEvent = {
  readonly senderFrame: Pick<WebFrameMain, 'url' | 'parent'> | null
  readonly sender: Pick<WebContents, 'id'>
}

/** Such a message with ports. */
export type PortEvent = PageEvent & Pick<IpcMainEvent, 'ports'>

/** Largest message that is taken, characters or bytes; the same as a frame in a browser. */
const MESSAGE_MAX = 8 * 1024 * 1024

/** Whether the main frame of our window, at our address, sent a message. */
export function isFromOurPage(event: PageEvent, windowContentsId: number): boolean {
  const { senderFrame, sender } = event
  return (
    sender.id === windowContentsId &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    isAppUrl(senderFrame.url)
  )
}

/**
 * The port that a message brought, when our page sent exactly one; null otherwise, and then nothing
 * of the message is used.
 */
export function portOf(event: PortEvent, windowContentsId: number): MessagePortMain | null {
  const { ports } = event
  const [port] = ports
  return isFromOurPage(event, windowContentsId) && ports.length === 1 && port !== undefined
    ? port
    : null
}

/** Answers calls on ports; a page that was loaded anew replaces its old port. */
export class PortBridge {
  readonly #handler: ReturnType<typeof createRpcHandler>
  #port: MessagePortMain | null = null

  constructor(handler: ReturnType<typeof createRpcHandler>) {
    this.#handler = handler
  }

  /** Starts answering on a checked port. */
  adopt(port: MessagePortMain): void {
    this.close()
    this.#port = port
    void this.#handler.upgrade(socketOf(port))
    port.start()
  }

  /** Ends the port, if there is one. */
  close(): void {
    this.#port?.close()
    this.#port = null
  }
}

type SocketListener = (event: { readonly data: unknown }) => unknown

/**
 * A port as oRPC's socket handler sees it. That handler, unlike the one for ports, catches what a
 * malformed message throws; one of another kind or size ends the port.
 */
function socketOf(port: MessagePortMain): RpcSocket {
  const addEventListener = (type: string, listener: SocketListener) => {
    if (type === 'close') port.on('close', () => void listener({ data: undefined }))
    if (type !== 'message') return
    port.on('message', ({ data }: { readonly data: unknown }) => {
      if (isFrame(data)) void listener({ data })
      else port.close()
    })
  }
  return {
    addEventListener: addEventListener as RpcSocket['addEventListener'],
    send: (data: unknown) => port.postMessage(data),
  }
}

function isFrame(data: unknown): boolean {
  if (typeof data === 'string') return data.length <= MESSAGE_MAX
  return data instanceof Uint8Array && data.byteLength <= MESSAGE_MAX
}
