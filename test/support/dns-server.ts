// A real DNS server on loopback, by UDP and TCP on one port. What it answers is up to the test.
import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type Answer, decode, encode, type Packet, type Question, TRUNCATED_RESPONSE } from 'dns-packet'

export type Transport = 'udp' | 'tcp'

/** `silence`: no answer; `hang up`: by TCP, the connection ends. Bytes go out as they are. */
export type Said =
  | { answers?: Answer[]; authorities?: Answer[]; code?: number; truncated?: boolean; flags?: number }
  | { packet: Packet }
  | { bytes: Buffer }
  | { each: Said[] }
  | 'silence'
  | 'hang up'

export type Asked = {
  name: string
  type: string
  transport: Transport
  id: number
  edns: boolean
  port: number
}

export type DnsServer = {
  /** As DNS_SERVERS takes it. */
  readonly address: string
  readonly asked: Asked[]
  close(): Promise<void>
}

const recursion = 0x0180

export async function openDnsServer(answer: (asked: Asked) => Said): Promise<DnsServer> {
  const asked: Asked[] = []
  const { udp, tcp, port } = await bindBoth()
  const sockets = new Set<Socket>()

  function hear(bytes: Buffer, transport: Transport, from: number): { said: Said; query: Packet } {
    const query = decode(bytes)
    const [question = { name: '', type: 'A' as const }] = query.questions ?? []
    const edns = (query.additionals ?? []).some(({ type }) => type === 'OPT')
    const one = { ...question, transport, id: query.id ?? 0, edns, port: from }
    asked.push(one)
    return { said: answer(one), query }
  }

  udp.on('message', (bytes, from) => {
    const { said, query } = hear(bytes, 'udp', from.port)
    for (const packet of packetsOf(said, query)) udp.send(packet, from.port, (from as RemoteInfo).address)
  })
  tcp.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => {})
    let held: Buffer<ArrayBufferLike> = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      if (held.length < 2 || held.length < 2 + held.readUInt16BE(0)) return
      const { said, query } = hear(held.subarray(2), 'tcp', socket.remotePort ?? 0)
      if (said === 'hang up') socket.destroy()
      for (const packet of packetsOf(said, query)) {
        const length = Buffer.alloc(2)
        length.writeUInt16BE(packet.length)
        // In two pieces: an answer may come in any.
        socket.write(Buffer.concat([length, packet.subarray(0, 5)]))
        setImmediate(() => socket.write(packet.subarray(5)))
      }
    })
  })
  return {
    address: `127.0.0.1:${port}`,
    asked,
    async close() {
      for (const socket of sockets) socket.destroy()
      udp.close()
      tcp.close()
      await once(tcp, 'close')
    },
  }
}

/** Another process may have taken the number for TCP that UDP was given: then another one. */
async function bindBoth() {
  for (let tries = 1; ; tries++) {
    const udp = createSocket('udp4')
    udp.bind(0, '127.0.0.1')
    await once(udp, 'listening')
    const { port } = udp.address()
    const tcp = createServer()
    try {
      tcp.listen(port, '127.0.0.1')
      await once(tcp, 'listening')
      return { udp, tcp, port: (tcp.address() as AddressInfo).port }
    } catch (error) {
      udp.close()
      if (tries === 20) throw error
    }
  }
}

function packetsOf(said: Said, query: Packet): Buffer[] {
  if (typeof said === 'string') return []
  if ('each' in said) return said.each.flatMap((one) => packetsOf(one, query))
  if ('bytes' in said) return [said.bytes]
  if ('packet' in said) return [encode({ type: 'response', ...said.packet })]
  const { answers = [], authorities = [], code = 0, truncated = false, flags = recursion } = said
  return [
    encode({
      type: 'response',
      id: query.id ?? 0,
      flags: flags | code | (truncated ? TRUNCATED_RESPONSE : 0),
      questions: query.questions ?? [],
      answers,
      authorities,
    }),
  ]
}

export type Zone = Readonly<
  Record<string, Partial<Record<Question['type'], unknown[]>> | 'servfail' | 'silence'>
>

/** An answer for each name of a zone: the data of records by their type; other names are NXDOMAIN. */
export function fromZone(zone: Zone): (asked: Asked) => Said {
  return ({ name, type }) => {
    const entry = zone[name.toLowerCase()]
    if (entry === undefined) return { code: 3 }
    if (entry === 'servfail') return { code: 2 }
    if (entry === 'silence') return 'silence'
    const here = entry as Record<string, unknown[]>
    const kind = here[type] === undefined && here.CNAME !== undefined ? 'CNAME' : type
    // Copied: the encoder turns strings into bytes in place.
    const answers = structuredClone(here[kind] ?? []).map(
      (data) => ({ name, type: kind, ttl: 300, class: 'IN', data }) as Answer,
    )
    return { answers }
  }
}
