// Visitors in a process of their own: they sign up, hold an event stream each, and note when each event came. Times are
// milliseconds of the machine's clock (process.hrtime), the same in every process.
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Asked, ReaderTask } from './reader-tasks.ts'
import { answerTasks } from './worker.ts'

type Reader = { socket: Socket; heard: Map<string, number>; opened: () => void }

const signupsAtOnce = 32
const opensAtOnce = 64
const patienceMs = 60_000
const readers = new Map<string, Reader>()
let wake = () => {}

function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Another IPv4 address for each visitor, as a proxy in front would write it. */
function clientOf(n: number): string {
  return [20 + (n >>> 16), (n >>> 8) & 255, n & 255, 7].join('.')
}

async function inTurn(count: number, atOnce: number, work: (n: number) => Promise<void>): Promise<void> {
  let next = 0
  const one = async () => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

const agent = new Agent({ keepAlive: true })

function post(url: string, body: string, headers: Record<string, string>): Promise<Asked & { text: string }> {
  return new Promise((resolve, reject) => {
    const asked = nowMs()
    const length = { 'Content-Length': String(Buffer.byteLength(body)) }
    const sent = request(url, { method: 'POST', agent, headers: { ...length, ...headers } }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => (text += part))
      answer.on('end', () => resolve({ asked, answered: nowMs(), status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function signUp({ url, count }: { url: string; count: number }): Promise<{ handles: string[] }> {
  const handles: string[] = []
  await inTurn(count, signupsAtOnce, async (n) => {
    const { status, text } = await post(
      `${url}/signups`,
      JSON.stringify({ email: `visitor.${n}@example.net`, source: 'bench' }),
      { 'Content-Type': 'application/json', 'X-Forwarded-For': clientOf(n) },
    )
    if (status !== 202) throw new Error(`a signup was answered with ${status}: ${text}`)
    handles[n] = (JSON.parse(text) as { handle: string }).handle
  })
  return { handles }
}

/** Resolves when each stream has brought its first event. */
async function open({ url, names }: { url: string; names: readonly string[] }): Promise<object> {
  const { hostname, port, host } = new URL(url)
  await inTurn(names.length, opensAtOnce, async (n) => {
    const name = names[n] ?? ''
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true })
      const reader: Reader = { socket, heard: new Map(), opened: resolve }
      readers.set(name, reader)
      socket.setEncoding('latin1')
      socket.on('data', (text) => listen(reader, String(text)))
      socket.on('error', reject)
      socket.on('close', () => reject(new Error('a stream ended before its first event')))
      socket.write(
        `GET ${new URL(url).pathname.replace(/\/$/, '')}/${name}/events HTTP/1.1\r\nHost: ${host}\r\n` +
          `Accept: text/event-stream\r\nX-Forwarded-For: ${clientOf(n)}\r\n\r\n`,
      )
    })
  })
  return {}
}

function listen(reader: Reader, text: string): void {
  if (text.startsWith('HTTP/1.1 ') && !text.startsWith('HTTP/1.1 200')) {
    reader.socket.destroy(new Error(text.split('\r\n', 1)[0]))
    return
  }
  const at = nowMs()
  for (const [, letter = ''] of text.matchAll(/"letter":"([a-z]+)"/g)) {
    if (!reader.heard.has(letter)) reader.heard.set(letter, at)
    reader.opened()
    wake()
  }
}

/** When each stream heard of it first, once so many have. */
async function heard({ letter, atLeast }: { letter: string; atLeast: number }): Promise<object> {
  const late = performance.now() + patienceMs
  for (;;) {
    const times = [...readers].flatMap(([name, { heard }]) => {
      const at = heard.get(letter)
      return at === undefined ? [] : [[name, at] as const]
    })
    if (times.length >= atLeast) return { times: Object.fromEntries(times) }
    if (performance.now() > late) throw new Error(`${times.length} of ${atLeast} streams heard «${letter}»`)
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100)
      wake = () => {
        clearTimeout(timer)
        setImmediate(resolve)
      }
    })
  }
}

async function postAll(task: Extract<ReaderTask, { what: 'post' }>): Promise<object> {
  const answers: Asked[] = []
  const headers: Record<string, string> =
    task.token === undefined
      ? { Accept: 'application/json' }
      : { 'Content-Type': 'message/rfc822', Authorization: `Bearer ${task.token}` }
  await inTurn(task.paths.length, task.atOnce, async (n) => {
    const { asked, answered, status } = await post(
      `${task.url}${task.paths[n]}`,
      task.bodies?.[n] ?? '',
      headers,
    )
    answers[n] = { asked, answered, status }
  })
  return { answers }
}

/** As a browser that is killed: the connections are reset. */
async function close(): Promise<object> {
  for (const { socket } of readers.values()) {
    socket.removeAllListeners('close')
    socket.on('error', () => {})
    socket.resetAndDestroy()
  }
  readers.clear()
  return {}
}

answerTasks(async (task: ReaderTask): Promise<object> => {
  switch (task.what) {
    case 'sign-up':
      return signUp(task)
    case 'open':
      return open(task)
    case 'heard':
      return heard(task)
    case 'post':
      return postAll(task)
    case 'close':
      return close()
  }
})
