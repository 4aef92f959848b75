import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'
import { localhostCertificate, localhostKey } from './localhost-certificate.ts'

export type Taken = {
  raw: string
  envelope: SMTPServerSession['envelope']
  secure: boolean
  user: unknown
  name: string
}

export type RealRelay = {
  url: string
  port: number
  taken: Taken[]
  /** connections open at the same time, at most */
  peak: number
  close(): Promise<void>
}

/** The smtp-server package as a relay; it keeps what it takes. */
export async function startRealRelay(options: SMTPServerOptions = {}): Promise<RealRelay> {
  let open = 0
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    hideDSN: false,
    key: localhostKey,
    cert: localhostCertificate,
    onConnect(_session, done) {
      open++
      relay.peak = Math.max(relay.peak, open)
      done()
    },
    onClose() {
      open--
    },
    onData(stream, session, done) {
      text(stream).then((raw) => {
        const { envelope, secure, user, hostNameAppearsAs } = session
        relay.taken.push({
          raw,
          envelope: structuredClone(envelope),
          secure,
          user,
          name: `${hostNameAppearsAs}`,
        })
        done()
      }, done)
    },
    ...options,
  })
  // What a client does wrong is its test's to notice.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const { port } = server.server.address() as AddressInfo
  const relay: RealRelay = {
    url: `${options.secure === true ? 'smtps' : 'smtp'}://127.0.0.1:${port}`,
    port,
    taken: [],
    peak: 0,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return relay
}
