// The sending side of SMTP and LMTP, by hand: any bytes, in any pieces, with the replies as they come.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { eventually } from './letters.ts'

export type Talk = {
  /** Every whole reply so far, of several lines too. */
  readonly replies: string[]
  write(bytes: string | Uint8Array): void
  /** The next reply that nobody has asked for yet. */
  reply(): Promise<string>
  /** Writes a line and waits for its reply. */
  say(line: string): Promise<string>
  /** As `say`, for several lines, one after the other: the codes. */
  codes(...lines: string[]): Promise<string[]>
  startTls(): Promise<void>
  isClosed(): boolean
  closed(): Promise<void>
  /** Without a farewell. */
  drop(): void
}

/** Resolves before the greeting, which is the first reply. */
export async function openTalk(url: string): Promise<Talk> {
  const { hostname, port } = new URL(url)
  const place = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
  let socket: Socket = connect(place)
  const replies: string[] = []
  let text = ''
  let asked = 0
  let isClosed = false

  function listen(): void {
    socket.setEncoding('utf8')
    socket.on('data', (chunk) => {
      text += String(chunk)
      for (;;) {
        const match = /^(?:\d{3}-[^\r]*\r\n)*\d{3}(?: [^\r]*)?\r\n/.exec(text)
        if (match === null) break
        replies.push(match[0].trimEnd())
        text = text.slice(match[0].length)
      }
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      isClosed = true
    })
  }
  listen()
  await once(socket, 'connect')

  const talk: Talk = {
    replies,
    write: (bytes) => void socket.write(bytes),
    reply: () =>
      eventually(async () => {
        const next = replies[asked]
        if (next === undefined && isClosed) throw new Error(`closed after ${replies.join(' | ')}`)
        if (next !== undefined) asked++
        return next
      }, 'a reply'),
    async say(line) {
      socket.write(`${line}\r\n`)
      return talk.reply()
    },
    async codes(...lines) {
      const codes: string[] = []
      for (const line of lines) codes.push((await talk.say(line)).slice(0, 3))
      return codes
    },
    async startTls() {
      socket.removeAllListeners('data')
      socket = connectTls({ socket, rejectUnauthorized: false })
      listen()
      await once(socket, 'secureConnect')
    },
    isClosed: () => isClosed,
    async closed() {
      await eventually(async () => isClosed, 'the end of the connection')
    },
    drop: () => void socket.destroy(),
  }
  return talk
}

/** Past the greeting and the opening command, with a sender. */
export async function openTransaction(url: string, sender = ''): Promise<Talk> {
  const talk = await openTalk(url)
  await talk.reply()
  await talk.say(url.startsWith('lmtp:') ? 'LHLO mx.example.net' : 'EHLO mx.example.net')
  await talk.say(`MAIL FROM:<${sender}>`)
  return talk
}

/** CRLF, dots stuffed, and the end. */
export function asData(raw: Uint8Array | string): Buffer {
  const text = Buffer.from(raw).toString('latin1').replaceAll(/\r?\n/g, '\r\n').replaceAll(/^\./gm, '..')
  return Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1')
}
