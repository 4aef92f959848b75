// The network between a browser and the service: a proxy that holds answers back, breaks them off, keeps streams to
// itself or cuts every line, as a test says.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * `hold`: the request goes no further until the weather changes. `cut`: the line is cut before any answer. `break`: after
 * half of it. `keep`: the service answers, and nothing of it gets through. `lost`: it is about a signup that the service does not know.
 */
export type Weather = 'fine' | 'hold' | 'cut' | 'break' | 'keep' | 'lost'

export type Network = {
  readonly url: string
  /** From now on, for paths that fit; the newest word about a path counts. Requests that are held are tried again. */
  set(path: RegExp, weather: Weather): void
  /** Method and path of every request, in order. */
  readonly asked: string[]
  /** Where requests go from now on. */
  lead(target: string): void
  /** Lines stay open, and nothing that the service says on them gets through any more. */
  mute(): void
  /** Cuts every line there is. */
  cutAll(): void
  close(): Promise<void>
}

export async function openNetwork(target: string): Promise<Network> {
  let place = target
  const rules: { path: RegExp; weather: Weather }[] = []
  const asked: string[] = []
  const held = new Set<() => void>()
  const running = new Set<{ isMute: boolean }>()

  function weatherAt(path: string): Weather {
    return rules.findLast((rule) => rule.path.test(path))?.weather ?? 'fine'
  }

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const path = incoming.url ?? '/'
    const weather = weatherAt(path)
    if (weather === 'cut') return void incoming.socket.destroy()
    if (weather === 'hold') {
      const again = () => pass(incoming, outgoing)
      held.add(again)
      incoming.socket.once('close', () => held.delete(again))
      return
    }
    const line = { isMute: weather === 'keep' }
    running.add(line)
    const { method, headers } = incoming
    const onward = weather === 'lost' ? path.replace(/(?<=^\/signups\/)[^/]+/, 'lost') : path
    const sent = request(new URL(onward, place), { method, headers }, (answer) => {
      if (!line.isMute) outgoing.writeHead(answer.statusCode ?? 502, answer.headers).flushHeaders()
      answer.on('data', (bytes: Buffer) => {
        if (line.isMute) return
        if (weather !== 'break') return void outgoing.write(bytes)
        outgoing.write(bytes.subarray(0, bytes.length / 2), () => incoming.socket.destroy())
      })
      answer.on('error', () => incoming.socket.destroy())
      answer.on('end', () => void (line.isMute || outgoing.end()))
    })
    sent.on('error', () => incoming.socket.destroy())
    incoming.pipe(sent)
    outgoing.on('close', () => {
      running.delete(line)
      sent.destroy()
    })
  }

  const server = createServer((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    pass(incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    set(path, weather) {
      rules.push({ path, weather })
      for (const again of [...held]) {
        held.delete(again)
        again()
      }
    },
    lead(next) {
      place = next
    },
    mute() {
      for (const line of running) line.isMute = true
    },
    cutAll: () => server.closeAllConnections(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
