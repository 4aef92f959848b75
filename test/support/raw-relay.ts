// An SMTP server that misbehaves on purpose: what it says to each command is up to the test.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'

/** `end of data` stands for the lone dot; `n` counts this command. Null: say nothing; 'usual', or 'hang up'. */
export type Script = (command: string, n: number, say: (answer: string) => void) => string | null

export type RawRelay = {
  readonly url: string
  readonly commands: string[]
  /** Letters that were given to the end of their data. */
  finished(): number
  close(): Promise<void>
}

const usual: Record<string, string> = {
  connect: '220 raw.example ESMTP',
  EHLO: '250 raw.example',
  'MAIL FROM': '250 2.1.0 Ok',
  'RCPT TO': '250 2.1.5 Ok',
  DATA: '354 go on',
  'end of data': '250 2.0.0 Ok: queued as 1',
  RSET: '250 Ok',
  NOOP: '250 Ok',
  QUIT: '221 Bye',
}

export async function openRawRelay(script: Script): Promise<RawRelay> {
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let letters = 0

  function answer(socket: Socket, command: string): void {
    const n = commands.filter((one) => one === command).length
    commands.push(command)
    if (command === 'end of data') letters++
    const said = script(command, n, (later) => void socket.write(`${later}\r\n`))
    if (said === null) return
    if (said === 'hang up') socket.destroy()
    else socket.write(`${said === 'usual' ? (usual[command] ?? '502 5.5.2 What?') : said}\r\n`)
  }

  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    let inData = false
    let held = ''
    answer(socket, 'connect')
    socket.on('data', (chunk) => {
      held += chunk.toString('latin1')
      for (let end = held.indexOf('\r\n'); end >= 0; end = held.indexOf('\r\n')) {
        const line = held.slice(0, end)
        held = held.slice(end + 2)
        if (inData && line !== '.') continue
        const command = inData
          ? 'end of data'
          : (/^(MAIL FROM|RCPT TO|[A-Z]+)/i.exec(line)?.[1]?.toUpperCase() ?? line)
        inData = command === 'DATA'
        answer(socket, command)
      }
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `smtp://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    commands,
    finished: () => letters,
    async close() {
      if (!server.listening) return
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
