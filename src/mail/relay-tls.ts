import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'

/** How a connection to the relay is encrypted. `validTo` is null where the certificate does not say. */
export type RelayTls = { protocol: string; issuedTo: string; validTo: Date | null }

/** Null for a connection that anybody on the way can read. */
export function readTls(socket: Socket | false | null): RelayTls | null {
  if (!(socket instanceof TLSSocket)) return null
  const { subject, valid_to: validTo } = socket.getPeerCertificate()
  const until = new Date(validTo)
  return {
    protocol: socket.getProtocol() ?? 'TLS',
    issuedTo: [subject?.CN ?? ''].flat()[0] ?? '',
    validTo: Number.isNaN(until.getTime()) ? null : until,
  }
}
