// A relay that takes everything and keeps nothing: the least SMTP (RFC 5321) that a sender is content with.
import { createServer, type Socket } from 'node:net'
import { answerTasks } from './worker.ts'

const endOfData = Buffer.from('\r\n.\r\n')
let taken = 0
let firstAt = 0
let lastAt = 0
/** When each recipient's letter was answered with 250, in milliseconds of the machine's clock. */
const takenAt = new Map<string, number>()

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.write('220 sink.example ESMTP\r\n')
  listen(socket)
})

/** One buffer a connection; within DATA only its end is looked for. */
function listen(socket: Socket): void {
  let held: Buffer = Buffer.alloc(0)
  let inData = false
  let recipient = ''
  socket.on('data', (chunk: Buffer) => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    for (;;) {
      const at = inData ? held.indexOf(endOfData) : held.indexOf('\n')
      if (at === -1) return
      const length = at + (inData ? endOfData.length : 1)
      if (inData) {
        count(recipient)
        socket.write(`250 2.0.0 Ok: queued as ${taken.toString(36)}\r\n`)
        inData = false
      } else {
        const line = held.toString('latin1', 0, length)
        recipient = /^RCPT TO:<(.*?)>/i.exec(line)?.[1] ?? recipient
        inData = obey(socket, line.slice(0, 4).toUpperCase())
      }
      held = held.subarray(length)
    }
  })
}

function count(recipient: string): void {
  takenAt.set(recipient, Number(process.hrtime.bigint()) / 1e6)
  taken++
  lastAt = performance.now()
  if (taken === 1) firstAt = lastAt
}

function obey(socket: Socket, verb: string): boolean {
  if (verb === 'EHLO')
    socket.write('250-sink.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 DSN\r\n')
  else if (verb === 'DATA') socket.write('354 go on\r\n')
  else if (verb === 'QUIT') socket.end('221 2.0.0 bye\r\n')
  else socket.write('250 2.0.0 Ok\r\n')
  return verb === 'DATA'
}

answerTasks(async ({ what }: { what: 'listen' | 'begin' | 'count' | 'times' }) => {
  if (what === 'begin') taken = 0
  if (what === 'times') return { times: Object.fromEntries(takenAt) }
  if (what !== 'listen') return { taken, firstAt, lastAt }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { port: typeof address === 'object' ? address?.port : null }
})
