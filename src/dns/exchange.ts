// One question to one server: by UDP from a socket and port of its own, by TCP where the answer did not fit.
import { createSocket } from 'node:dgram'
import { connect, isIP } from 'node:net'
import { code, type Query, type Question, type Reply, readReply, writeQuery } from './message.ts'
import type { DnsServer } from './servers.ts'

export type Exchange = { kind: 'reply'; reply: Reply } | { kind: 'none'; why: string }

type Within = { server: DnsServer; signal: AbortSignal }

// A lost datagram is the rule on some lines; half of the time is left for the second.
const repeatAfter = 0.4

export async function exchange(
  question: Question,
  { server, timeoutMs, closing }: { server: DnsServer; timeoutMs: number; closing: AbortSignal },
): Promise<Exchange> {
  const limit = new AbortController()
  const end = () => limit.abort()
  const timer = setTimeout(end, timeoutMs)
  closing.addEventListener('abort', end)
  const within = { server, signal: limit.signal }
  try {
    const first = await ask(writeQuery(question, true), within, timeoutMs)
    const isTooOld =
      first.kind === 'reply' &&
      (first.reply.code === code.formatError || first.reply.code === code.notImplemented)
    // Servers from before EDNS (RFC 6891, section 7) refuse what they cannot read: once more without it.
    return isTooOld ? await ask(writeQuery(question, false), within, timeoutMs) : first
  } finally {
    clearTimeout(timer)
    closing.removeEventListener('abort', end)
  }
}

async function ask(query: Query, within: Within, timeoutMs: number): Promise<Exchange> {
  const answer = await byUdp(query, within, timeoutMs)
  return answer.kind === 'reply' && answer.reply.truncated ? byTcp(query, within) : answer
}

/** Waits on after what does not belong: a forged or late datagram must not keep the true one out. */
function byUdp(query: Query, { server, signal }: Within, timeoutMs: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = createSocket(isIP(server.host) === 6 ? 'udp6' : 'udp4')
    let strangers = 0
    let repeat: NodeJS.Timeout | undefined
    let settled = false
    const settle = (exchange: Exchange) => {
      if (settled) return
      settled = true
      clearTimeout(repeat)
      signal.removeEventListener('abort', onAbort)
      socket.removeAllListeners('message').close()
      resolve(exchange)
    }
    const onAbort = () =>
      settle(none(strangers > 0 ? 'sent what is no answer to the question' : 'did not answer in time'))
    signal.addEventListener('abort', onAbort)
    socket.on('error', (error) => settle(none(`cannot be asked (${codeOf(error)})`)))
    socket.on('message', (bytes) => {
      const reply = readReply(bytes, query)
      if (reply === null) strangers++
      else settle({ kind: 'reply', reply })
    })
    // Connected: the system drops what comes from elsewhere, and reports a port that nobody listens on.
    socket.once('connect', () => {
      socket.send(query.bytes)
      repeat = setTimeout(() => socket.send(query.bytes), timeoutMs * repeatAfter)
    })
    socket.connect(server.port, server.host)
    if (signal.aborted) onAbort()
  })
}

function byTcp(query: Query, { server, signal }: Within): Promise<Exchange> {
  return new Promise((resolve) => {
    const socket = connect({ host: server.host, port: server.port })
    let held: Buffer<ArrayBufferLike> = Buffer.alloc(0)
    const settle = (exchange: Exchange) => {
      signal.removeEventListener('abort', onAbort)
      socket.removeAllListeners('data').destroy()
      resolve(exchange)
    }
    const onAbort = () => settle(none('did not answer by TCP in time'))
    signal.addEventListener('abort', onAbort)
    socket.on('error', (error) => settle(none(`cannot be asked by TCP (${codeOf(error)})`)))
    socket.on('close', () => settle(none('closed the TCP connection before its answer')))
    socket.on('connect', () => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(query.bytes.length)
      socket.write(Buffer.concat([length, query.bytes]))
    })
    socket.on('data', (chunk: Buffer) => {
      // Bounded by the two bytes of the length: whatever follows the first message is not read.
      held = Buffer.concat([held, chunk]).subarray(0, 2 + 65_535)
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return
      const reply = readReply(held.subarray(2, 2 + held.readUInt16BE(0)), query)
      settle(
        reply === null ? none('sent by TCP what is no answer to the question') : { kind: 'reply', reply },
      )
    })
    if (signal.aborted) onAbort()
  })
}

function none(why: string): Exchange {
  return { kind: 'none', why }
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : error.message
}
