import { type AddressInfo, createServer, type Socket } from 'node:net'

/** What a scripted relay does where an answer is due: say this, say nothing, or cut the connection. */
export type Answer = string | { do: 'nothing' } | { do: 'drop' } | { say: string; ending: true }

export type Script = Partial<Record<Step, Answer | ((time: number) => Answer)>>

/** `content` is the moment in the middle of the message, `message` the one after its end. */
type Step =
  | 'greeting'
  | 'EHLO'
  | 'HELO'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'content'
  | 'message'
  | 'RSET'
  | 'QUIT'

export type ScriptedRelay = {
  url: string
  port: number
  connections: number
  /** commands as they came, over all connections */
  commands: string[]
  messages: string[]
  sockets: Set<Socket>
  close(): Promise<void>
}

const usual: Record<Exclude<Step, 'content'>, string> = {
  greeting: '220 relay.example ESMTP',
  EHLO: '250-relay.example\r\n250-PIPELINING\r\n250 DSN',
  HELO: '250 relay.example',
  AUTH: '235 2.7.0 Authentication successful',
  MAIL: '250 2.1.0 Ok',
  RCPT: '250 2.1.5 Ok',
  DATA: '354 End data with <CR><LF>.<CR><LF>',
  message: '250 2.0.0 Ok: queued as 4F2A',
  RSET: '250 2.0.0 Ok',
  QUIT: '221 2.0.0 Bye',
}

export const withoutPipelining = '250-relay.example\r\n250 DSN'

/** A relay on a bare socket, for what no real server does on demand. Steps that the script leaves out go well. */
export async function startScriptedRelay(script: Script = {}): Promise<ScriptedRelay> {
  const times = new Map<Step, number>()
  const server = createServer((socket) => converse(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const relay: ScriptedRelay = {
    url: `smtp://127.0.0.1:${port}`,
    port,
    connections: 0,
    commands: [],
    messages: [],
    sockets: new Set(),
    async close() {
      for (const socket of relay.sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }

  function converse(socket: Socket): void {
    relay.connections++
    relay.sockets.add(socket)
    socket.setNoDelay(true)
    socket.on('error', () => {})
    socket.on('close', () => relay.sockets.delete(socket))
    let pending = ''
    let inMessage = false
    let refused = false
    answer(socket, 'greeting')
    socket.on('data', (chunk) => {
      pending += chunk.toString()
      for (;;) {
        if (inMessage && script.content !== undefined && pending.includes('\r\n\r\n'))
          return answer(socket, 'content')
        const empty = inMessage && pending.startsWith('.\r\n')
        const end = empty ? -2 : pending.indexOf(inMessage ? '\r\n.\r\n' : '\r\n')
        if (end === -1) return
        const line = pending.slice(0, Math.max(0, end))
        pending = pending.slice(end + (inMessage ? 5 : 2))
        if (inMessage) relay.messages.push(line)
        else relay.commands.push(line)
        const step = inMessage ? 'message' : stepOf(line)
        const closed = step === 'DATA' && refused && script.DATA === undefined
        const said = closed ? refuseData(socket) : answer(socket, step)
        // Who says nothing has stopped listening too: the next answer would be taken for this one.
        if (said === '') return socket.removeAllListeners('data')
        if (step === 'RCPT') refused = /^[45]/.test(said)
        inMessage = step === 'DATA' && said.startsWith('3')
      }
    })
  }

  function answer(socket: Socket, step: Step): string {
    const time = (times.get(step) ?? 0) + 1
    times.set(step, time)
    const scripted = script[step] ?? (step === 'content' ? { do: 'nothing' as const } : usual[step])
    const given = typeof scripted === 'function' ? scripted(time) : scripted
    if (typeof given === 'string') {
      socket.write(`${given}\r\n`)
      return given
    }
    if ('say' in given) socket.end(given.say)
    else if (given.do === 'drop') socket.destroy()
    return ''
  }

  return relay
}

function refuseData(socket: Socket): string {
  const said = '554 5.5.1 Error: no valid recipients'
  socket.write(`${said}\r\n`)
  return said
}

function stepOf(line: string): Exclude<Step, 'greeting' | 'content' | 'message'> {
  const verb = /^[A-Z]{4}/.exec(line)?.[0]
  if (verb === 'EHLO' || verb === 'HELO' || verb === 'AUTH' || verb === 'MAIL') return verb
  if (verb === 'RCPT' || verb === 'DATA' || verb === 'RSET') return verb
  return 'QUIT'
}
